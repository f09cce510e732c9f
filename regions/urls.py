"""Addresses of regions and the finder. A region's own page shows other nouns too: rpec_site."""

from django.urls import path

from regions import views

app_name = "regions"

urlpatterns = [
    path("regions/", views.RegionList.as_view(), name="list"),
    path("find-your-coordinator/", views.Find.as_view(), name="find"),
    path("find-your-coordinator/names.txt", views.Names.as_view(), name="names"),
    path("find-your-coordinator/many/", views.Many.as_view(), name="many"),
]
