"""Addresses of training. A track's slug may be none of the fixed words: see `RESERVED_SLUGS`."""

from django.urls import path

from training import views

app_name = "training"

urlpatterns = [
    path("", views.TrackList.as_view(), name="list"),
    path("past/", views.PastSessions.as_view(), name="past"),
    path("sessions/<int:pk>/", views.SessionPage.as_view(), name="session"),
    path("<slug:slug>/", views.TrackPage.as_view(), name="track"),
]
