"""Forms for people who sign in."""

from django.contrib.auth.forms import BaseUserCreationForm

from accounts.models import User, address_key


class UserCreationForm(BaseUserCreationForm):
    """A new user, by address and password."""

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return address_key(self.cleaned_data["email"])
