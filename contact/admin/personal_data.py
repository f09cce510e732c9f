"""A person's data: the pages that find, export and erase it, and who did so."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.sign_in import user_of
from backoffice.permissions import ReadOnly
from backoffice.steps import step_page
from contact.actions.personal_data import (
    erase_personal_data,
    export_personal_data,
    find_personal_data,
)
from contact.forms.personal_data import ErasureForm, PersonForm
from contact.models import PersonalDataRequest

MAY_HANDLE_PERSONAL_DATA = "contact.handle_personal_data"
_MAY_VIEW_EVERY_ENQUIRY = "contact.view_every_enquiry"


@admin.register(PersonalDataRequest)
class PersonalDataRequestAdmin(ReadOnly, admin.ModelAdmin):
    """Who looked for, gave out or erased a person's data, and when."""

    list_display = ("at", "kind", "by", "count")
    list_filter = ("kind",)
    list_select_related = ("by",)
    # A colleague's name leads nowhere: who sees this may not look at accounts.
    fields = ("at", "kind", "by_name", "count")
    readonly_fields = ("by_name",)

    @admin.display(description="by")
    def by_name(self, asked: PersonalDataRequest) -> str:
        return str(asked.by)


def person_page(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Find or export what was sent under an address, or lead to its erasure.

    Raises PermissionDenied for whoever may not see every region's enquiries.
    """
    by = _asked_by(request)
    form = PersonForm(request.POST if request.method == "POST" else None)
    enquiries = None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if "export" in request.POST:
            return _as_file(export_personal_data(email=email, by=by))
        if "erase" in request.POST:
            return _erasure(model_admin, request, email=email)
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


def erase_page(model_admin: admin.ModelAdmin, request: HttpRequest) -> HttpResponse:
    """Erase what was shown under an address; whoever comes without having seen it looks first.

    Raises PermissionDenied as `person_page` does.
    """
    by = _asked_by(request)
    form = ErasureForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("admin:contact_enquiry_person")
    email = form.cleaned_data["email"]
    try:
        erased, on_legal_hold = erase_personal_data(
            email=email, by=by, references=form.cleaned_data["references"]
        )
    except ValidationError as error:
        return _erasure(model_admin, request, email=email, fault=error)
    report = f"Erased: {erased}. Kept because of a legal hold: {on_legal_hold}."
    messages.success(request, report)
    return redirect("admin:contact_enquiry_person")


def _asked_by(request: HttpRequest) -> User:
    if not request.user.has_perms([MAY_HANDLE_PERSONAL_DATA, _MAY_VIEW_EVERY_ENQUIRY]):
        raise PermissionDenied
    return user_of(request)


def _erasure(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    *,
    email: str,
    fault: ValidationError | None = None,
) -> HttpResponse:
    """Ask whether all that is held under an address is to go."""
    found = find_personal_data(email=email, by=user_of(request)).select_related("region")
    enquiries = list(found)
    references = " ".join(enquiry.reference for enquiry in enquiries)
    return step_page(
        model_admin,
        request,
        "contact/admin/erase.html",
        title="Erase a person's data",
        row=None,
        form=ErasureForm(initial={"email": email, "references": references}),
        email=email,
        fault=fault.messages[0] if fault else "",
        going=[enquiry for enquiry in enquiries if not enquiry.is_kept],
        kept=[enquiry for enquiry in enquiries if enquiry.is_kept],
        waiting=[enquiry for enquiry in enquiries if enquiry.is_open and not enquiry.is_kept],
    )


def _as_file(rows: list[dict[str, Any]]) -> HttpResponse:
    response = HttpResponse(
        json.dumps({"enquiries": rows}, indent=2, ensure_ascii=False),
        content_type="application/json; charset=utf-8",
    )
    response["Content-Disposition"] = 'attachment; filename="enquiries.json"'
    return response
