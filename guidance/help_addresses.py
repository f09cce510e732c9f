"""Where /get-help/ leads: what editors say, kept beside the site, else what it ships with."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from guidance.help_file import read_addresses, write_addresses
from guidance.models import Link
from guidance.models.links import SAFETY_KEYS
from guidance.shipped import shipped_links


def help_addresses() -> dict[str, str]:
    """Return the address of each link that leads out of danger, with `_` for `-` in its key, as
    templates need it. Asks nothing of the database.

    The shipped ones stand where editors have none: whoever looks for help must find a way on.
    """
    addresses = {key: shipped_links()[key].address for key in SAFETY_KEYS}
    kept = read_addresses(settings.HELP_FILE)
    addresses |= {key: address for key, address in kept.items() if key in addresses}
    return {key.replace("-", "_"): address for key, address in addresses.items()}


def keep_help_addresses() -> None:
    """Write what the database says into this machine's file, unless it is there already.

    Asks once more after it has written: whoever writes last has seen the newest, however many
    processes and machines share the file. Raises DatabaseError.
    """
    said = Link.objects.out_of_danger()
    while read_addresses(settings.HELP_FILE) != said and write_addresses(settings.HELP_FILE, said):
        said = Link.objects.out_of_danger()


def keep_help_addresses_after_commit() -> None:
    """Do so when the caller's transaction is committed. What is saved is saved, whatever comes."""
    transaction.on_commit(keep_help_addresses, robust=True)
