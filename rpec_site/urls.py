"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from guidance.api import ContentItemApi
from regions.views import Lookup
from rpec_site import errors, health, views
from rpec_site.sitemaps import SITEMAPS
from training.api import Sessions

# What is offered to other programs. `rpec_site/openapi.json` describes it, and any site may use it
# (`rpec_site.middleware`).
api = [
    path("", views.Api.as_view(), name="api"),
    path("openapi.json", views.OpenApi.as_view(), name="openapi"),
    path("regions/lookup", Lookup.as_view(), name="lookup"),
    path("training/sessions", Sessions.as_view(), name="sessions"),
    path("content/guidance/<slug:slug>", ContentItemApi.as_view(), name="content-item"),
    path("<path:rest>", views.NoSuchApi.as_view()),
]

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("get-help/", views.GetHelp.as_view(), name="get-help"),
    path("guidance/", include("guidance.urls")),
    path("regions/<slug:slug>/", views.RegionPage.as_view(), name="region"),
    path("training/", include("training.urls")),
    path("contact/", include("contact.urls")),
    path("", include("regions.urls")),
    path(
        "accessibility/",
        TemplateView.as_view(template_name="pages/accessibility.html"),
        name="accessibility",
    ),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
    path("cookies/", views.Cookies.as_view(), name="cookies"),
    path(
        "robots.txt",
        TemplateView.as_view(template_name="robots.txt", content_type="text/plain"),
        name="robots",
    ),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    path(".well-known/security.txt", views.SecurityTxt.as_view(), name="security-txt"),
    path("health/live", cache_control(no_store=True)(health.live), name="health-live"),
    path("health/ready", cache_control(no_store=True)(health.ready), name="health-ready"),
    path("health/delivery", cache_control(no_store=True)(health.delivery), name="health-delivery"),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("api/", include(api)),
]

if settings.DEBUG:
    from govuk.views import Gallery

    urlpatterns.append(path("components/", Gallery.as_view(), name="components"))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
