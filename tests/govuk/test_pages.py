"""The gallery and the error pages, and the frame that every page stands in."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.test import RequestFactory

from govuk.views import Gallery
from tests.govuk.html import attribute, document, elements, text

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ERROR_PAGES = ["400.html", "403.html", "404.html", "500.html"]


@pytest.fixture
def gallery() -> str:
    response = Gallery.as_view()(RequestFactory().get("/components/"))
    assert isinstance(response, TemplateResponse)
    html: str = response.render().content.decode()
    return html


def test_every_component_stands_on_the_gallery() -> None:
    source = (TEMPLATES / "govuk" / "gallery.html").read_text()
    included = set(re.findall(r'"components/(\w+)\.html"', source))
    tagged = set(re.findall(r"{% end(\w+) %}", source)) - {"block", "for"}
    assert included | tagged == {path.stem for path in (TEMPLATES / "components").glob("*.html")}


def test_every_component_says_what_it_takes() -> None:
    undocumented = [
        path.name
        for path in (TEMPLATES / "components").glob("*.html")
        if not path.read_text().startswith("{% comment %}\n")
    ]
    assert undocumented == []


def test_no_id_stands_twice_on_the_gallery(gallery: str) -> None:
    ids = [attribute(element, "id") for element in elements(document(gallery))]
    named = [name for name in ids if name]
    assert sorted(named) == sorted(set(named))


def test_every_reference_on_the_gallery_leads_to_something(gallery: str) -> None:
    page = document(gallery)
    ids = {attribute(element, "id") for element in elements(page)}
    references = [
        name
        for element in elements(page)
        for key in ("for", "aria-describedby", "aria-labelledby")
        for name in (attribute(element, key) or "").split()
    ]
    assert [name for name in references if name not in ids] == []


def test_nothing_on_the_gallery_is_inline(gallery: str) -> None:
    page = document(gallery)
    scripts = elements(page, "script")
    assert [attribute(script, "src") is None for script in scripts] == [False]
    assert elements(page, "style") == []
    names = {name for element in elements(page) for name, _ in element.attributes}
    assert {name for name in names if name == "style" or name.startswith("on")} == set()


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_stands_without_any_context(name: str) -> None:
    page = document(render_to_string(name))
    [heading] = elements(page, "h1")
    [title] = elements(page, "title")
    assert text(title) == f"{text(heading)} \N{EN DASH} Regional Prevent education co-ordinators"


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_an_error_page_says_999_and_where_to_go(name: str) -> None:
    page = document(render_to_string(name))
    [main] = elements(page, "main")
    assert [text(strong) for strong in elements(main, "strong")] == ["999"]
    assert [text(link) for link in elements(main, "a")] == [
        "Find your co-ordinator",
        "Read the guidance",
        "Write to a co-ordinator",
        "how to get help",
    ]


def frame(**context: object) -> str:
    return render_to_string("404.html", context)


def test_the_skip_link_comes_first_and_leads_to_the_main_part() -> None:
    page = document(frame())
    first = elements(page, "a")[0]
    [main] = elements(page, "main")
    assert attribute(first, "href") == f"#{attribute(main, 'id')}"


def test_get_help_comes_before_everything_else() -> None:
    [header] = elements(document(frame()), "header")
    assert text(elements(header, "p")[0]) == "Worried about someone? Get help now"


@pytest.mark.parametrize(
    ("section", "current"),
    [
        ("guidance", ["Guidance"]),
        ("find", ["Find your co-ordinator"]),
        ("training", ["Training"]),
        ("contact", ["Contact"]),
        ("", []),
    ],
)
def test_the_navigation_marks_the_section_that_one_is_in(section: str, current: list[str]) -> None:
    links = elements(document(frame(section=section)), "a", aria_current="true")
    assert [text(link) for link in links] == current


def test_an_example_site_says_that_nobody_reads_its_messages() -> None:
    words = "This is an example: nobody reads its messages."
    assert words in text(document(frame(examples=True)))
    assert words not in text(document(frame(examples=False)))


def test_the_footer_names_the_official_page_the_licence_and_the_source_of_the_data() -> None:
    [footer] = elements(document(frame(official_page_url="https://www.gov.uk/x")), "footer")
    assert [text(link) for link in elements(footer, "a")] == [
        "Accessibility",
        "Privacy",
        "Cookies",
        "For other sites",
        "The official page on GOV.UK",
        "Open Government Licence v3.0",
        "GeoNames",
    ]
    assert "Contains National Statistics data © Crown copyright and database right." in text(footer)


def test_the_canonical_address_is_the_one_that_the_context_gives() -> None:
    [link] = elements(
        document(frame(canonical_url="https://rpec.example/x/")), "link", rel="canonical"
    )
    assert attribute(link, "href") == "https://rpec.example/x/"
