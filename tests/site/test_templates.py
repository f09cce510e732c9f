"""Templates and styles fit together: nothing unused, nothing without a rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import django.contrib.admin

from tests.processes import ROOT

TEMPLATES = ROOT / "templates"
STYLES = ROOT / "static" / "build"
DJANGO_ADMIN = Path(django.contrib.admin.__file__).parent / "static" / "admin" / "css"
APPS = (
    *("accounts", "backoffice", "contact", "govuk", "guidance"),
    *("outbox", "regions", "rpec_site", "training"),
)
# The gallery shows components; that alone is no use.
SHOWN_ONLY = {"govuk/gallery.html"}
BY_THEIR_NAMES = {
    "400.html": "rpec_site.errors makes the name of the status",
    "403.html": "rpec_site.errors",
    "404.html": "rpec_site.errors",
    "405.html": "rpec_site.errors",
    "413.html": "rpec_site.errors",
    "500.html": "rpec_site.errors",
    "admin/edit_inline/tabular.html": "Django's inlines name it",
    "admin/login.html": "Django's admin shows it to who is not signed in",
    "admin/search_form.html": "Django's admin includes it",
    "admin/widgets/split_datetime.html": "Django's box for a date and a time names it",
    "auth/widgets/read_only_password_hash.html": "Django's form of an account names it",
}
WITHOUT_RULE = {
    "govuk-js-character-count": "govuk-frontend's script finds the textarea by it",
    "govuk-table__body": "the Design System's markup of a table, which needs no rule",
    "govuk-table__head": "the Design System's markup of a table",
    "govuk-table__row": "the Design System's markup of a table",
    "js-inline-admin-formset": "Django's script finds the inlines by it",
    "rpec-save": "tests find the form that saves by it",
}

# Components whose markup pages may write themselves.
BY_HAND = {
    "govuk-button": "its words have markup: a name that must not break, or words read out alone",
    "rpec-log": "the history has more in an entry than a note: a heading, tags, marks",
}

STATEMENT = re.compile(r"{%.*?%}")
VALUE = re.compile(r"{{.*?}}")
CLASS = re.compile(r'\bclass="((?:{%.*?%}|{{.*?}}|[^"])*)"')
BODY_CLASS = re.compile(r"{% block bodyclass %}(.*?){% endblock %}")
OURS = re.compile(r"\b(?:rpec|govuk)-[\w!*-]+")
SELECTED = re.compile(r"\.((?:[\w-]|\\!)+)")


def templates(pattern: str = "*") -> Iterator[tuple[str, str]]:
    """Yield each template's name and source."""
    for path in sorted(TEMPLATES.rglob(pattern)):
        if path.is_file():
            yield path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8")


def strings() -> Iterator[str]:
    """Yield each string of the applications' code, docstrings included."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def test_every_template_is_used():
    used = set(strings()) | BY_THEIR_NAMES.keys()
    for name, source in templates():
        if name not in SHOWN_ONLY:
            used.update(re.findall(r'{% (?:include|extends) "([^"]+)"', source))
            used.update(f"components/{tag}.html" for tag in re.findall(r"{% end(\w+) %}", source))
    assert [name for name, _ in templates() if name not in used] == []


def is_for_staff(name: str) -> bool:
    return name.startswith(("admin/", "auth/", "backoffice/")) or "/admin/" in name


def classes_of(source: str) -> set[str]:
    """Return the classes in a template's source; `*` stands for a part that is a value."""
    written = [*CLASS.findall(source), *BODY_CLASS.findall(source)]
    return {
        name
        for classes in written
        for name in STATEMENT.sub(" ", VALUE.sub("*", classes)).split()
        if name != "*"
    }


def rules(*sheets: Path) -> set[str]:
    """Return the classes that the style sheets have a rule for."""
    missing = [sheet.name for sheet in sheets if not sheet.exists()]
    assert missing == [], "The styles are not built: make css"
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    selectors = re.sub(r"/\*.*?\*/|{[^{}]*}", " ", text, flags=re.DOTALL)
    return {name.replace("\\", "") for name in SELECTED.findall(selectors)}


def site_rules() -> set[str]:
    return rules(STYLES / "site.css")


def staff_rules() -> set[str]:
    return rules(STYLES / "admin.css", *DJANGO_ADMIN.rglob("*.css"))


def has_rule(name: str, ruled: set[str]) -> bool:
    return name in WITHOUT_RULE or any(fnmatchcase(rule, name) for rule in ruled)


def test_every_class_in_a_template_has_a_rule():
    public, staff = site_rules(), staff_rules()
    bare = {
        (template, name)
        for template, source in templates("*.html")
        for name in classes_of(source)
        if not has_rule(name, staff if is_for_staff(template) else public)
    }
    assert bare == set()


def classes_in_code() -> set[str]:
    """Return the classes that the code itself writes: widgets, and HTML made of Markdown."""
    names: set[str] = set()
    for text in strings():
        marked = re.findall(r'class="([^"]*)"', text)
        plain = [text] if re.fullmatch(r"[\w!-]+(?: [\w!-]+)*", text) else []
        names.update(name for part in (*marked, *plain) for name in OURS.findall(part))
    return names


def test_every_class_in_the_code_has_a_rule():
    ruled = site_rules() | staff_rules()
    assert {name for name in classes_in_code() if not has_rule(name, ruled)} == set()


def test_every_rule_of_ours_is_used():
    scripts = [*(ROOT / "assets").glob("*.mjs"), ROOT / "static" / "admin.js"]
    used = classes_in_code().union(*(classes_of(source) for _, source in templates("*.html")))
    used.update(name for script in scripts for name in OURS.findall(script.read_text("utf-8")))
    ours = rules(STYLES / "site.css", STYLES / "admin.css")
    unused = {
        rule
        for rule in ours
        if rule.startswith("rpec-") and not any(fnmatchcase(rule, name) for name in used)
    }
    assert unused == set()


def test_what_is_without_a_rule_has_none_and_is_used():
    used = classes_in_code().union(*(classes_of(source) for _, source in templates("*.html")))
    assert WITHOUT_RULE.keys() <= used
    assert WITHOUT_RULE.keys().isdisjoint(site_rules() | staff_rules())


def test_no_page_builds_a_component_by_hand():
    roots = {
        CLASS.findall(source)[0].split()[0]: name
        for name, source in templates("*.html")
        if name.startswith("components/")
    }
    built = {
        (name, root)
        for name, source in templates("*.html")
        if not name.startswith("components/")
        for root in roots.keys() & classes_of(source) - BY_HAND.keys()
    }
    assert built == set()
