"""Says what the site that it is run in can read of its data; prints it as JSON.

Played by either version's Python in its checkout, with Django set up. `texts` opens whatever is
encrypted; `answers` asks every public page, some files and the staff's pages for their status.
"""

from __future__ import annotations

import json
import re
import sys

from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from contact.models import Enquiry
from guidance.models import Edition

HOST = "127.0.0.1"
FIXED = ["/", "/contact/", "/get-help/", "/training/past/", "/training/all.ics", "/api/"]


def texts() -> dict[str, str]:
    """Return every encrypted text in clear, by its model, row and field."""
    return {
        f"{model._meta.label} {row.pk} {field.name}": str(getattr(row, field.name))
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if type(field).__name__.startswith("Encrypted")
        for row in model._default_manager.order_by("pk")
    }


def answers() -> dict[str, int]:
    """Return the status of each address: public ones, and what administrators may open."""
    reader = Client(SERVER_NAME=HOST)
    listed = reader.get("/sitemap.xml").content.decode()
    public = [
        re.sub(r"^https?://[^/]*", "", each) for each in re.findall("<loc>(.*?)</loc>", listed)
    ]
    public += [f"/contact/sent/{reference}/" for reference in _references()]
    for slug, number in Edition.objects.exclude(number=None).values_list("page__slug", "number"):
        public.append(f"/guidance/{slug}/history/{number}/")
    staff = Client(SERVER_NAME=HOST)
    staff.force_login(User.objects.get(email="administrator@example.org"))
    opened = {path: reader.get(path).status_code for path in dict.fromkeys([*FIXED, *public])}
    return opened | {path: staff.get(path).status_code for path in _admin_addresses()}


def _references() -> list[str]:
    return list(Enquiry.objects.order_by("pk").values_list("reference", flat=True))


def _admin_addresses() -> list[str]:
    """Return each list of the admin, and the pages of the first fifty rows of each."""
    found = ["/admin/"]
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        rows = model._default_manager.order_by("pk").values_list("pk", flat=True)[:50]
        found += [reverse(f"{name}_change", args=[pk]) for pk in rows]
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"texts": texts(), "answers": answers()}))
