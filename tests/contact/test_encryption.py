import pytest
from cryptography.fernet import Fernet

from contact.encryption import Cipher, UndecryptableError

OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.mark.parametrize("text", ["Leeds", "Ünïcödé 🙂", "\u202e", "a\nb", "x" * 5000])
def test_what_is_encrypted_comes_back(text: str) -> None:
    cipher = Cipher([NEW])
    assert cipher.decrypt(cipher.encrypt(text)) == text


def test_an_old_key_still_opens_what_it_closed() -> None:
    assert Cipher([NEW, OLD]).decrypt(Cipher([OLD]).encrypt("Leeds")) == "Leeds"


def test_a_wrong_key_opens_nothing_and_never_gives_the_ciphertext() -> None:
    token = Cipher([OLD]).encrypt("Leeds")
    with pytest.raises(UndecryptableError) as refusal:
        Cipher([OTHER]).decrypt(token)
    assert token not in str(refusal.value)
