"""Forms for people who sign in."""

from django.contrib.auth.forms import AdminUserCreationForm

from accounts.models import User, address_key


class UserCreationForm(AdminUserCreationForm):
    """A new user, by address and with a password, or without one."""

    class Meta:
        model = User
        fields = ("email", "name", "groups")

    def clean_email(self) -> str:
        return address_key(self.cleaned_data["email"])
