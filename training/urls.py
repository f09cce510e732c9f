"""Addresses of training. A track's slug may be none of the fixed words: see `RESERVED_SLUGS`."""

from django.urls import path

from training import feeds, views

app_name = "training"

urlpatterns = [
    path("", views.TrackList.as_view(), name="list"),
    path("past/", views.PastSessions.as_view(), name="past"),
    path("all.ics", feeds.Calendars.as_view(), name="calendar"),
    path("<slug:slug>.ics", feeds.TrackCalendar.as_view(), name="track-calendar"),
    path("sessions/<int:pk>.ics", feeds.SessionCalendar.as_view(), name="session-calendar"),
    path("sessions/<int:pk>/", views.SessionPage.as_view(), name="session"),
    path("<slug:slug>/", views.TrackPage.as_view(), name="track"),
]
