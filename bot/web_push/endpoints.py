"""Which addresses may be a browser's push service. Pure.

A browser says the address, and our server calls it: only what is on the internet and by HTTPS is called, or this
machine in the demo.
"""

import ipaddress
from urllib.parse import urlsplit

LONGEST = 1000


def may_be_called(endpoint: str, *, local: bool = False) -> bool:
    """Whether the address is an HTTPS one with a host name of the internet. With `local`, one on this machine may be
    HTTP."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or parts.fragment:
        return False
    if local and host == "127.0.0.1" and parts.scheme in ("http", "https"):
        return True
    return parts.scheme == "https" and port in (None, 443) and _is_internet_name(host)


def _is_internet_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return False
    last = host.rstrip(".").rpartition(".")[2]
    return (
        "." in host.strip(".")
        and last.isalpha()
        and last not in ("local", "internal", "localhost", "lan", "home")
    )
