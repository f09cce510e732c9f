"""A person's data: the page that finds, exports and erases it, and who did so."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.sign_in import user_of
from backoffice.permissions import ReadOnly
from backoffice.steps import step_page
from contact.actions.personal_data import (
    erase_personal_data,
    export_personal_data,
    find_personal_data,
)
from contact.forms.personal_data import PersonForm
from contact.models import PersonalDataRequest

MAY_HANDLE_PERSONAL_DATA = "contact.handle_personal_data"
_MAY_VIEW_EVERY_ENQUIRY = "contact.view_every_enquiry"


@admin.register(PersonalDataRequest)
class PersonalDataRequestAdmin(ReadOnly, admin.ModelAdmin):
    """Who looked for, gave out or erased a person's data, and when."""

    list_display = ("at", "kind", "by", "count")
    list_filter = ("kind",)
    list_select_related = ("by",)
    fields = ("at", "kind", "by", "count")


def person_page(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Find, export or erase what was sent under an address, whichever button was pressed.

    Raises PermissionDenied for whoever may not see every region's enquiries.
    """
    if not request.user.has_perms([MAY_HANDLE_PERSONAL_DATA, _MAY_VIEW_EVERY_ENQUIRY]):
        raise PermissionDenied
    by = user_of(request)
    form = PersonForm(request.POST if request.method == "POST" else None)
    enquiries = None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if "export" in request.POST:
            return _as_file(export_personal_data(email=email, by=by))
        if "erase" in request.POST:
            erased, on_legal_hold = erase_personal_data(email=email, by=by)
            report = f"Erased: {erased}. Kept because of a legal hold: {on_legal_hold}."
            messages.success(request, report)
            return redirect("admin:contact_enquiry_person")
        enquiries = find_personal_data(email=email, by=by).select_related("region")
    return step_page(
        model_admin,
        request,
        "contact/admin/person.html",
        title="A person's data",
        row=None,
        form=form,
        enquiries=enquiries,
    )


def _as_file(rows: list[dict[str, Any]]) -> HttpResponse:
    response = HttpResponse(
        json.dumps({"enquiries": rows}, indent=2, ensure_ascii=False),
        content_type="application/json; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="enquiries.json"'
    return response
