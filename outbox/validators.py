"""Validators of addresses, for forms and columns."""

from django.core.exceptions import ValidationError

from outbox.addresses import DomainError, ascii_address

NOT_ONE_ADDRESS = "Write one e-mail address, like name@example.org."


def validate_deliverable(address: str) -> None:
    """Refuse an address that mail cannot be made for, so that none waits for ever."""
    try:
        ascii_address(address)
    except DomainError as error:
        raise ValidationError(
            "Check the part after the @: it has a character that no address can have there.",
            code="invalid_domain",
        ) from error
    except ValueError as error:
        raise ValidationError(NOT_ONE_ADDRESS, code="invalid") from error


def validate_public(address: str) -> None:
    """Refuse what reaches nobody on the internet too: a computer's own name, or a number."""
    validate_deliverable(address)
    _, dot, last = ascii_address(address).rpartition("@")[2].rpartition(".")
    if not dot or last.isdigit():
        raise ValidationError(NOT_ONE_ADDRESS, code="invalid")
