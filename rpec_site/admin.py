"""The admin's frame: our name, and a front page that shows what waits."""

from django.contrib import admin


class SiteAdmin(admin.AdminSite):
    """Django's admin site under our name."""

    site_header = "Regional Prevent education co-ordinators"
    site_title = "RPEC admin"
    index_title = "What waits"
    enable_nav_sidebar = True
