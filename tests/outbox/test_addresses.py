"""Which addresses mail can be made for."""

import pytest

from outbox.addresses import ascii_address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "@example.org",
        "a@",
        "a@b,c@d",
        "a b@example.org",
        "a@b\nc",
        "<a@b>",
        "a;b@c",
        "İ@b.com",
        '"a,b"@c.com',
        "a@b..c",
        "a@" + "b" * 70,
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="Not one e-mail address"):
        ascii_address(address)


def test_a_domain_beyond_ascii_is_written_as_mail_servers_write_it() -> None:
    assert ascii_address("a@exämple.org") == "a@xn--exmple-cua.org"
