"""Users and groups in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group

from accounts.forms import UserCreationForm
from accounts.models import User
from backoffice.locking import OptimisticLocking
from backoffice.one_line import OneLineTexts

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(OptimisticLocking, OneLineTexts, DjangoGroupAdmin):
    """What the people of a group may do."""


@admin.register(User)
class UserAdmin(OptimisticLocking, OneLineTexts, DjangoUserAdmin):
    """Who may sign in, and in which groups they are."""

    add_form = UserCreationForm
    list_display = ("email", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
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
