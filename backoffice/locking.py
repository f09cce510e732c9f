"""Optimistic locking: who saves a row second is shown what the first one changed.

The form carries a digest of each value as it was when the form was made. When it comes back, the
row is locked and looked at again: where a value is another one by now, and not the one that was
typed, nothing is stored. Values that only one of the two has changed to the same are no clash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format

from backoffice.change_forms import ChangeForms
from backoffice.formset_data import lost_as_new
from backoffice.row_keys import is_key

# The hidden field with the digests.
SEEN: Final = "_seen"
_CLASH: Final = (
    "Somebody else has saved this since you opened it, so nothing of yours was saved. What you "
    "typed is below, and beside each box that differs stands what holds now. Put what you want of "
    "theirs into it, and save again: then yours holds."
)
_LOST: Final = (
    "Somebody else has deleted a line that you had open. It is below as a new one: remove it, or "
    "save to add it again."
)


class OptimisticLocking(ChangeForms):
    """Rows that two people may have open: the second save is refused, once, with both texts."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Return the form; where it is sent, one that looks at what holds now."""
        base: Any = super().get_form(request, obj, change=change, **kwargs)
        if request.method != "POST" or obj is None:
            return cast("type[forms.ModelForm]", base)
        seen = _seen(request)

        class Locked(base):
            is_clash = False

            def full_clean(self) -> None:
                super().full_clean()
                if self.is_bound and _add_differences(self, "", seen, obj):
                    self.is_clash = True
                    self.add_error(None, _CLASH)

        return Locked

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        """Yield the tables of rows below; where they are sent, they look at what holds now."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            is_sent = request.method == "POST" and obj is not None
            yield (_locked(formset, _seen(request), obj) if is_sent else formset), inline

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Let one save of a row at a time see whether another came before it."""
        with transaction.atomic():
            if request.method == "POST" and object_id and is_key(unquote(object_id)):
                rows = self.model._base_manager.filter(pk=int(unquote(object_id)))
                list(rows.select_for_update().values_list("pk"))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form with the digests of what holds now."""
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        form = context["adminform"].form
        if context.get("original") is not None:
            digests = _digests(form, "")
            for formset in formsets:
                for row in formset.initial_forms:
                    digests |= _digests(row, _name(formset, row))
            context["seen"] = json.dumps(digests)
        response = super().render_change_form(request, context, *args, **kwargs)
        if any(getattr(each, "is_clash", False) for each in (form, *formsets)):
            response.status_code = 409
        return response


def last_change(row: models.Model) -> str:
    """Return who changed a row last, and when, in words."""
    history = getattr(row, "history", None)
    if history is not None and (record := history.first()) is not None:
        who, when = record.history_user, record.history_date
    else:
        kind = ContentType.objects.get_for_model(row)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
        entry = entries.select_related("user").order_by("-action_time").first()
        if entry is None:
            return "by somebody else"
        who, when = entry.user, entry.action_time
    return f"by {who or 'the site itself'}, {_time(when)}"


def _locked(base: Any, seen: Mapping[str, str], parent: models.Model) -> Any:
    """Return a formset class whose rows look at what holds now."""

    class LockedRows(base):
        is_clash = False

        def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
            rows = self.model._default_manager.filter(**{self.fk.name: parent})
            self.keys = {str(key) for key in rows.values_list("pk", flat=True)}
            prefix = str(kwargs.get("prefix") or self.get_default_prefix())
            if data is not None:
                data = lost_as_new(data, prefix, self.keys)
            super().__init__(data, *args, **kwargs)

        def full_clean(self) -> None:
            super().full_clean()
            if not self.is_bound:
                return
            opened = {name.split(":")[1] for name in seen if name.startswith(f"{self.prefix}:")}
            if opened - self.keys:
                self.is_clash = True
                self._non_form_errors.append(_LOST)
            for form in self.initial_forms:
                # One that is to be deleted is not looked at by Django: say it above the table.
                is_leaving = self.can_delete and self._should_delete_form(form)
                if _add_differences(form, _name(self, form), seen, parent, gone=is_leaving):
                    self.is_clash = True
                    self._non_form_errors.append(_CLASH)

    return LockedRows


def _add_differences(
    form: Any, prefix: str, seen: Mapping[str, str], row: models.Model, *, gone: bool = False
) -> bool:
    """Add an error to each field where somebody else has stored another value than was typed.

    A row that is to be deleted, `gone`, differs wherever they changed it.
    """
    digests = _digests(form, prefix)
    candidates = list(form.initial) if gone else form.changed_data
    differing = [
        name
        for name in candidates
        if f"{prefix}{name}" in digests
        and digests[f"{prefix}{name}"] != seen.get(f"{prefix}{name}")
    ]
    who = last_change(row) if differing else ""
    for name in differing:
        field = form.fields[name]
        now = _words(field, form.initial[name])
        typed = getattr(form, "cleaned_data", {}).get(name, form[name].data)
        yours = "removed" if gone else _words(field, typed)
        form.add_error(name, f"Now: {now} ({who}). Yours: {yours}")
    return bool(differing)


def _digests(form: Any, prefix: str) -> dict[str, str]:
    """Return a digest of each value that a form would store, as the row has it now."""
    return {
        f"{prefix}{name}": _digest(form.initial[name])
        for name, field in form.fields.items()
        if name in form.initial and not field.disabled
    }


def _digest(value: Any) -> str:
    if isinstance(value, list | tuple | models.QuerySet):
        value = sorted(str(getattr(each, "pk", each)) for each in value)
    return salted_hmac("backoffice.locking", str(value)).hexdigest()[:12]


def _name(formset: Any, form: Any) -> str:
    return f"{formset.prefix}:{form.instance.pk}:"


def _words(field: forms.Field, value: Any) -> str:
    """Return a value as staff read it."""
    if isinstance(field, forms.ModelChoiceField):
        values = value if isinstance(value, list | tuple | models.QuerySet) else [value]
        keys = [str(getattr(each, "pk", each)) for each in values if each]
        rows: Any = field.queryset
        value = ", ".join(map(str, rows.filter(pk__in=filter(is_key, keys))))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(field, forms.TypedChoiceField):
        value = dict(cast("list[tuple[Any, Any]]", field.choices)).get(value, value)
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return "nothing" if value in (None, "") else str(value)


def _time(when: datetime) -> str:
    return date_format(timezone.localtime(when), "j F Y, H:i")


def _seen(request: HttpRequest) -> dict[str, str]:
    """Return the digests that the form was made with; none where they cannot be read."""
    try:
        seen = json.loads(request.POST.get(SEEN, ""))
    except ValueError:
        return {}
    if not isinstance(seen, dict):
        return {}
    return {name: text for name, text in seen.items() if isinstance(text, str)}
