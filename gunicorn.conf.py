"""How gunicorn serves the site; read by itself from the working directory."""

import logging
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rpec_site.settings")

import gunicorn.http.wsgi
from django.conf import settings

from rpec_site.lifeline import hold_on
from rpec_site.log_lines import WithoutAddresses
from rpec_site.settings_rules import doubts

# What serves the site is nobody's business.
gunicorn.http.wsgi.SERVER = "web"
# What the site keeps is for its own account alone. (Gunicorn's setting `umask` is about sockets.)
os.umask(0o077)

wsgi_app = "rpec_site.wsgi"
bind = os.environ.get("BIND", f"127.0.0.1:{settings.PORT}")
workers = settings.WEB_CONCURRENCY
# Threads, which wait so long at most for a request to come in.
worker_class = "rpec_site.server.Worker"
threads = 8
timeout = 30
# Browsers hold connections open that nobody waits on.
graceful_timeout = 5
max_requests = 5_000
max_requests_jitter = 500
# Only these may say in X-Forwarded-Proto that the reader came by https.
forwarded_allow_ips = ",".join(settings.TRUSTED_PROXIES) or "127.0.0.1"
# Nor may any header say where the site begins (SCRIPT_NAME): a proxy that passes on what a reader
# sent would let them past its rules for /admin/, and put their words into links.
forwarder_headers = ""
# Nobody's address or query is worth keeping in a log.
accesslog = None
# Nobody steers it but by signals.
control_socket_disable = True
loglevel = settings.LOG_LEVEL.lower()


def on_starting(server: object) -> None:
    """End with `serve`, where that started it; keep readers' addresses out of gunicorn's log."""
    hold_on()
    logging.getLogger("gunicorn.error").addFilter(WithoutAddresses())


def when_ready(server: Any) -> None:
    """Name at the start what would otherwise show as a site that answers nobody."""
    for doubt in doubts(settings.SITE_URL, settings.ALLOWED_HOSTS, settings.TRUSTED_PROXIES):
        server.log.warning(doubt)
