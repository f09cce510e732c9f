"""Addresses of pages of guidance, and of their history."""

from django.urls import path

from guidance import views

app_name = "guidance"

urlpatterns = [
    path("<slug:slug>/", views.GuidancePage.as_view(), name="page"),
    path("<slug:slug>/history/", views.History.as_view(), name="history"),
    path("<slug:slug>/history/<int:number>/", views.EditionPage.as_view(), name="edition"),
]
