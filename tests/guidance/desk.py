"""An editor's form in the admin, as a browser would send it back."""

from __future__ import annotations

from django.test import Client


def form_values(desk: Client, address: str) -> dict[str, str]:
    """Return every field of the admin form at the address, inlines included, as it stands."""
    context = desk.get(address).context
    form = context["adminform"].form
    sent = {name: form[name].value() or "" for name in form.fields}
    for inline in context["inline_admin_formsets"]:
        for bound in (inline.formset.management_form, *inline.formset.forms):
            sent |= {
                bound.add_prefix(name): bound[name].value()
                for name in bound.fields
                if bound[name].value() not in (None, "")
            }
    return sent
