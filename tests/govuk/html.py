"""Reads rendered HTML, so that tests compare what is there and not how it is spaced."""

from collections.abc import Iterator

from django.template import Context, Template
from django.test.html import Element, parse_html


def render(source: str, **values: object) -> Element:
    """Return the document that a template's source makes of the values."""
    return document(Template(source).render(Context(values)))


def document(html: str) -> Element:
    """Return the parsed HTML, without a doctype, which Django's parser takes for text."""
    parsed = parse_html(html.strip().removeprefix("<!DOCTYPE html>"))
    if isinstance(parsed, str):
        raise AssertionError(f"No element in {parsed!r}")
    return parsed


def elements(root: Element, name: str = "", **attributes: str) -> list[Element]:
    """Return every element of that name with those attributes (`class_` for class), in order."""
    wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return [
        element
        for element in _walk(root)
        if (not name or element.name == name)
        and all(attribute(element, key) == value for key, value in wanted.items())
    ]


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute's value: None where the element has no such one, blank where bare."""
    for key, value in element.attributes:
        if key == name:
            return value or ""
    return None


def text(element: Element) -> str:
    """Return the words of an element, single-spaced."""
    parts = [part if isinstance(part, str) else text(part) for part in element.children]
    return " ".join(" ".join(parts).split())


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        if isinstance(child, Element):
            yield from _walk(child)
