"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rpec_site.settings")
django_application = get_wsgi_application()

from rpec_site.bodies import ReadingToTheEnd  # noqa: E402  # It needs the settings.

application = ReadingToTheEnd(django_application)
