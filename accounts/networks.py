"""Which network a request came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# A /64 is one local network (RFC 4291, 2.5.1): its devices change the other bits by themselves
# (RFC 8981), so a whole address would count one sender as many.
_HOUSEHOLD_BITS = 64
# "1.2.3.4:5678", as Azure's proxies write it, and "[::1]:99" or "[::1]" (RFC 7239, section 6).
_WITH_PORT = re.compile(r"([0-9.]+):[0-9]{1,5}|\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?", re.ASCII)


def client_network(remote: str, forwarded: str, trusted: Sequence[str]) -> str:
    """Return the network of whoever sent a request: an IPv4 address, or an IPv6 /64.

    `remote` is the connection's other end and `forwarded` its X-Forwarded-For, believed only as
    far as trusted proxies wrote it: from the right, the first address that is none of `trusted`.
    "" where that names nobody.
    """
    proxies = [ip_network(proxy) for proxy in trusted]
    hops = [*(hop for hop in forwarded.split(",") if hop.strip()), remote]
    for hop in reversed(hops):
        address = _address(hop)
        if address is None:
            return ""
        if any(address in proxy for proxy in proxies):
            continue
        # This machine, a private network, a carrier's shared 100.64.0.0/10: it names no sender, but
        # a proxy that TRUSTED_PROXIES does not know (IANA's special-purpose registries).
        if not address.is_global:
            return ""
        if isinstance(address, IPv6Address):
            return str(ip_network((address, _HOUSEHOLD_BITS), strict=False))
        return str(address)
    return ""


def network_of_staff(remote: str, forwarded: str, trusted: Sequence[str]) -> str:
    """Return the network of somebody who signs in; where it names none, the connection's other end.

    So those behind a proxy that is not trusted count as one, and so does everybody in a private
    network: of staff, unlike senders, each must come from somewhere.
    """
    return client_network(remote, forwarded, trusted) or remote


def is_inside(remote: str, forwarded: str) -> bool:
    """Whether a request has come from this machine or a private network, all the way."""
    hops = [*(hop for hop in forwarded.split(",") if hop.strip()), remote]
    addresses = [_address(hop) for hop in hops]
    return all(address is not None and not address.is_global for address in addresses)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, whether or not the port that it came from stands behind it."""
    bare = text.strip()
    if found := _WITH_PORT.fullmatch(bare):
        bare = found[1] or found[2]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
