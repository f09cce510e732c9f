"""What goes with a style sheet or a script on its way to a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory
from whitenoise.middleware import WhiteNoiseMiddleware


def test_no_other_site_may_embed_or_read_a_static_file(settings: Any, tmp_path: Path):
    (tmp_path / "site.css").write_text("a{}")
    settings.STATIC_ROOT = tmp_path
    serve = WhiteNoiseMiddleware(lambda request: HttpResponse(status=404))
    answer = serve(RequestFactory().head("/static/site.css"))
    assert answer.status_code == 200
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Access-Control-Allow-Origin" not in answer.headers
