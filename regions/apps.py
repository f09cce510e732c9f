from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Regions, their areas, the names that people type, posts and co-ordinators."""

    name = "regions"
