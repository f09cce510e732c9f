"""Validators of addresses, for forms and columns."""

from django.core.exceptions import ValidationError

from outbox.addresses import ascii_address


def validate_deliverable(address: str) -> None:
    """Refuse an address that mail cannot be made for, so that none waits for ever."""
    try:
        ascii_address(address)
    except ValueError as error:
        raise ValidationError("Write one e-mail address, like name@example.org.") from error
