"""Prints a new key for FIELD_ENCRYPTION_KEYS: `python scripts/new_key.py`."""

import sys

from cryptography.fernet import Fernet

if __name__ == "__main__":
    sys.stdout.write(f"{Fernet.generate_key().decode()}\n")
