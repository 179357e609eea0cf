"""Reduces an internet address to the one that its requests are counted for. Pure.

One household, or one rented server, has 2^64 IPv6 addresses, and can use another at any time.
"""

import ipaddress

NETWORK_BITS = 64
"""The least that a provider gives to one customer: https://www.rfc-editor.org/rfc/rfc6177"""


def counted_as(address: str | None) -> str:
    """An IPv4 address as it is, an IPv6 address as its network; anything else as it is.

    A port, which some proxies add, is dropped, since it differs with each connection.
    """
    text = (address or "").strip()[:100]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        read = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text or "unknown"
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return str(ipaddress.ip_network((read, NETWORK_BITS), strict=False))
