"""Users and groups in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ManyToManyField
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse

from accounts.actions import end_sessions, refuse_to_lose_administrators
from accounts.forms import PasswordForm, UserCreationForm, UserForm
from accounts.models import User
from backoffice.locking import OptimisticLocking
from backoffice.one_line import OneLineTexts

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(OptimisticLocking, OneLineTexts, DjangoGroupAdmin):
    """What the people of a group may do."""

    # Django's two lists side by side have names that no screen reader reads out.
    filter_horizontal = ()


class UserAdmin(OptimisticLocking, OneLineTexts, DjangoUserAdmin):
    """Who may sign in, and in which groups they are.

    `contact.admin.staff` registers it, with what has to be settled before somebody leaves.
    """

    form = UserForm
    add_form = UserCreationForm
    change_password_form = PasswordForm
    list_display = ("email", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            "What they may do",
            {
                "fields": ("is_active", "is_staff", "groups", "is_superuser"),
                "description": "A group gives what its people need: choose one.",
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"fields": ("email", "name", "groups", "usable_password", "password1", "password2")},
        ),
    )

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Return the groups as boxes to tick: there are few, and each says what it is."""
        kwargs |= {"widget": forms.CheckboxSelectMultiple, "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store the account. Who may sign in no more, or again, has no session from before."""
        super().save_model(request, obj, form, change)
        if change and {"is_active", "is_staff"} & set(form.changed_data):
            end_sessions(user=obj)

    @transaction.atomic
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, or delete those chosen in it: nobody changes meanwhile who may."""
        return super().changelist_view(request, extra_context)

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Change somebody's password: nobody changes meanwhile who is an administrator."""
        return super().user_change_password(request, *args, **kwargs)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Return what would be deleted, and as protected why these people cannot be."""
        users = list(objs)
        deleted, counts, lacking, protected = super().get_deleted_objects(users, request)
        for sentence in self.reasons_to_stay(users):
            messages.error(request, sentence)
            protected = [*protected, sentence]
        return deleted, counts, lacking, protected

    def reasons_to_stay(self, users: list[User]) -> list[str]:
        """Return why these people cannot be deleted, in sentences."""
        try:
            refuse_to_lose_administrators(users=users)
        except ValidationError as error:
            return error.messages
        return []
