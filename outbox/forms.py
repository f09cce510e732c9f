"""The field for an e-mail address, as any form of the site may ask for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from outbox.addresses import LONGEST, tidied
from outbox.validators import NOT_ONE_ADDRESS, validate_public


class AddressField(forms.CharField):
    """An address that mail can be sent to. Its value is what was meant, without what nobody sees.

    It says one thing at a time: every fault of an address is mended by writing it again.
    `validators` take the place of the usual ones, where an address is only looked for.
    """

    def __init__(self, *, validators: Any = (validate_public,), **options: Any) -> None:
        messages = {
            "invalid": NOT_ONE_ADDRESS,
            "max_length": "Write an e-mail address of %(limit_value)d characters or fewer.",
            "null_characters_not_allowed": NOT_ONE_ADDRESS,
            **options.pop("error_messages", {}),
        }
        super().__init__(
            max_length=LONGEST, validators=validators, error_messages=messages, **options
        )

    def to_python(self, value: Any) -> str:
        return tidied(super().to_python(value) or "")

    def run_validators(self, value: str) -> None:
        try:
            super().run_validators(value)
        except ValidationError as error:
            # The last to look is the most particular: what is too long may be called that.
            raise error.error_list[-1] from error
