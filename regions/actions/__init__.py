"""The writes of regions: what every site has, national files, contacts, names not found."""

from regions.actions.contacts import mark_as_checked
from regions.actions.establishments import import_establishments
from regions.actions.loading import (
    load_example_coordinators,
    load_places,
    load_posts,
    load_regions,
)
from regions.actions.postcodes import import_postcodes
from regions.actions.unfound import put_down_unfound, take_in_unfound

__all__ = [
    "import_establishments",
    "import_postcodes",
    "load_example_coordinators",
    "load_places",
    "load_posts",
    "load_regions",
    "mark_as_checked",
    "put_down_unfound",
    "take_in_unfound",
]
