"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from guidance.api import ContentItemApi
from rpec_site import errors, health, views
from rpec_site.sitemaps import SITEMAPS
from training.api import Sessions

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("get-help/", views.GetHelp.as_view(), name="get-help"),
    path("guidance/", include("guidance.urls")),
    path("api/content/guidance/<slug:slug>", ContentItemApi.as_view(), name="content-item"),
    path("api/training/sessions", Sessions.as_view(), name="sessions"),
    path("api/", views.Api.as_view(), name="api"),
    path("api/openapi.json", views.OpenApi.as_view(), name="openapi"),
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
    path("cookies/", TemplateView.as_view(template_name="pages/cookies.html"), name="cookies"),
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
    path("api/<path:rest>", views.NoSuchApi.as_view()),
]

if settings.DEBUG:
    from govuk.views import Gallery

    urlpatterns.append(path("components/", Gallery.as_view(), name="components"))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error
