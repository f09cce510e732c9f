"""How gunicorn serves the site; read by itself from the working directory."""

import logging
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rpec_site.settings")

from django.conf import settings

from rpec_site.log_lines import WithoutAddresses

wsgi_app = "rpec_site.wsgi"
bind = os.environ.get("BIND", f"127.0.0.1:{settings.PORT}")
workers = settings.WEB_CONCURRENCY
worker_class = "gthread"
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
    """Keep readers' addresses out of gunicorn's own log."""
    logging.getLogger("gunicorn.error").addFilter(WithoutAddresses())
