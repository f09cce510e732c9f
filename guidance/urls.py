"""Addresses of pages of guidance, and of their history."""

from django.urls import path

from guidance import feeds, views

app_name = "guidance"

urlpatterns = [
    path("preview/<str:token>/", views.SharedPreview.as_view(), name="preview"),
    path("<slug:slug>/", views.GuidancePage.as_view(), name="page"),
    path("<slug:slug>/history/", views.History.as_view(), name="history"),
    path(
        "<slug:slug>/history/<int:old>..<int:new>/",
        views.ComparisonPage.as_view(),
        name="comparison",
    ),
    path("<slug:slug>/on/<str:day>/", views.PageOnDay.as_view(), name="on"),
    path("<slug:slug>/updates.atom", feeds.Updates(), name="updates"),
    path("<slug:slug>/history/<int:number>/", views.EditionPage.as_view(), name="edition"),
]
