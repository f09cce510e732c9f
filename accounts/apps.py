from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Staff who sign in: editors, co-ordinators and administrators. Readers have no accounts."""

    name = "accounts"
    verbose_name = "Staff"
