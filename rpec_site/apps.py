"""The project's own application: it composes the others and owns no rule and no table."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RpecSiteConfig(AppConfig):
    """Pages that show several applications' nouns, health, and the commands across them."""

    name = "rpec_site"
    verbose_name = "Site"

    def ready(self) -> None:
        from rpec_site import checks  # noqa: F401 (registers them)


class SiteAdminConfig(AdminConfig):
    """Django's admin under our name, with a front page that shows what waits."""

    default_site = "rpec_site.admin.SiteAdmin"
