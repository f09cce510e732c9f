"""Settings: documented, and refused while missing or weak."""

from __future__ import annotations

import ast
import itertools
import os
import re
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from rpec_site.settings_rules import doubts, weaknesses
from tests.processes import ROOT

SOUND = {
    "SECRET_KEY": "0123456789abcdef" * 4,
    "ALLOWED_HOSTS": ["rpec.example.org"],
    "DIGEST_KEY": "fedcba9876543210" * 4,
    "SITE_URL": "https://rpec.example.org",
    "FIELD_ENCRYPTION_KEYS": [Fernet.generate_key().decode()],
    "DEFAULT_FROM_EMAIL": "Site <site@example.org>",
    "REPLY_TO_EMAIL": "replies@example.org",
    "NATIONAL_TEAM_EMAIL": "team@example.org",
}


def read_settings() -> set[str]:
    """Return the names that settings.py reads from the environment."""
    tree = ast.parse((ROOT / "rpec_site" / "settings.py").read_text(encoding="utf-8"))
    return {
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_setting_is_documented_and_nothing_else_is():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    documented = [match[1] for line in lines if (match := re.match(r"([A-Z_]+)=", line))]
    assert sorted(documented) == sorted(read_settings())


def test_each_documented_setting_has_words_above_it():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for before, line in itertools.pairwise(lines)
        if re.match(r"[A-Z_]+=", line) and not before.startswith(("#", "PORT=", "PUBLIC_CONTACT_E"))
    ]
    assert bare == []


def test_sound_settings_have_no_weakness():
    assert weaknesses(SOUND) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("DIGEST_KEY", "short"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-" + "0123456789abcdef" * 4),
        ("ALLOWED_HOSTS", []),
        ("ALLOWED_HOSTS", ["*"]),
        ("SITE_URL", ""),
        ("SITE_URL", "rpec.example.org"),
        ("SITE_URL", "http://rpec.example.org"),
        ("SITE_URL", "https://[broken"),
        ("SITE_URL", "https://rpec.example.org/path"),
        ("FIELD_ENCRYPTION_KEYS", []),
        ("FIELD_ENCRYPTION_KEYS", ["weak"]),
        ("FIELD_ENCRYPTION_KEYS", [Fernet.generate_key().decode(), "weak"]),
        ("DEFAULT_FROM_EMAIL", ""),
        ("REPLY_TO_EMAIL", "nobody"),
        ("NATIONAL_TEAM_EMAIL", "@example.org"),
        ("NATIONAL_TEAM_EMAIL", "Team <team@example.org>"),
        ("REPLY_TO_EMAIL", "a@example.org,b@example.org"),
        ("DEFAULT_FROM_EMAIL", "İ@example.org"),
        ("SITE_URL", "https://user:pw@rpec.example.org"),
    ],
)
def test_each_weakness_is_named(name: str, value: object):
    found = weaknesses({**SOUND, name: value})
    assert [sentence.split()[0] for sentence in found] == [name]


@pytest.mark.parametrize(
    "hosts", [["rpec.example.org"], [".example.org"], ["a.test", "RPEC.example.org"]]
)
def test_a_site_that_answers_to_its_own_name_is_not_doubted(hosts):
    assert doubts("https://rpec.example.org", hosts, ["10.0.0.1"]) == []


@pytest.mark.parametrize("hosts", [["localhost"], ["example.org"], [".org.uk"]])
def test_a_site_that_would_refuse_its_own_readers_is_told_so(hosts):
    (doubt,) = doubts("http://rpec.example.org", hosts, [])
    assert doubt.startswith("ALLOWED_HOSTS does not name the host of SITE_URL, rpec.example.org:")


def test_https_without_a_proxy_that_is_believed_is_told():
    (doubt,) = doubts("https://rpec.example.org", ["rpec.example.org"], [])
    assert doubt.startswith("TRUSTED_PROXIES is blank")


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_settings_the_site_refuses_to_start_and_names_them_all_at_once():
    refusal = run()
    assert refusal.returncode == 1
    named = re.findall(r"^- (\w+)", refusal.stderr, re.MULTILINE)
    assert named == [name for name in SOUND if name != "DIGEST_KEY"]


def test_what_cannot_be_read_is_named_without_its_secrets():
    refusal = run(
        DEBUG="on",
        EXAMPLES="ja",
        PORT="many",
        LOG_LEVEL="LOUD",
        WEB_CONCURRENCY="0",
        DATABASE_CONNECT_SECONDS="1",
        ADMIN_PATH="contact/",
        TRUSTED_PROXIES="garbage",
        OFFICIAL_PAGE_URL="javascript:alert(1)",
        ENQUIRY_RETENTION_DAYS="-5",
        DATABASE_URL="nonsense://user:hunter2@host",
        EMAIL_URL="carrier-pigeon://user:hunter2@host",
    )
    assert refusal.returncode == 1
    named = re.findall(r"^- (\w+)", refusal.stderr, re.MULTILINE)
    assert sorted(named) == [
        "ADMIN_PATH",
        "DATABASE_CONNECT_SECONDS",
        "DATABASE_URL",
        "EMAIL_URL",
        "ENQUIRY_RETENTION_DAYS",
        "EXAMPLES",
        "LOG_LEVEL",
        "OFFICIAL_PAGE_URL",
        "PORT",
        "TRUSTED_PROXIES",
        "WEB_CONCURRENCY",
    ]
    assert "hunter2" not in refusal.stderr
    assert "Traceback" not in refusal.stderr


def test_with_debug_on_no_setting_is_needed():
    assert run(DEBUG="on").returncode == 0
