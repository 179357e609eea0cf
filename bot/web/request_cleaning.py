"""Removes from a request what parsers cannot read, before anything parses it. Plain WSGI.

Anybody may send any bytes as an address or a header, and libraries disagree on them: some return nothing,
some raise, which would be answered with 500. What a page makes of the rest is left to the page.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, quote_from_bytes, urlsplit

Request = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Request, StartResponse], Iterable[bytes]]

LONGEST_ADDRESS = 8_000
ADDRESSES = ("HTTP_REFERER", "HTTP_ORIGIN")
DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")
UTF8 = ("HTTP_COOKIE",)
_ASCII = bytes(range(0x21, 0x7F)).decode()
_HOST = re.compile(r"\A(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?\Z")
_LENGTH = re.compile(r"\A[0-9]{1,15}\Z")
_REFUSAL = b"The request cannot be read: its Host or Content-Length is malformed.\n"


def address_parts(address: str) -> SplitResult | None:
    """The parts of an address that somebody sent us; None when it is no address."""
    try:
        parts = urlsplit(address)
        _ = parts.port, parts.hostname  # these raise as well
    except ValueError:
        return None
    return parts


def readable(app: WsgiApp) -> WsgiApp:
    """Wrap the application so that it only gets requests that can be read. 400 for a malformed Host or
    Content-Length."""

    def wsgi_app(request: Request, start_response: StartResponse) -> Iterable[bytes]:
        if not _can_be_answered(request):
            length = str(len(_REFUSAL))
            start_response(
                "400 Bad Request", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", length)]
            )
            return [_REFUSAL]
        _clean(request)
        return app(request, start_response)

    return wsgi_app


def _can_be_answered(request: Request) -> bool:
    host, length = request.get("HTTP_HOST"), request.get("CONTENT_LENGTH") or "0"
    return (not host or _HOST.match(host) is not None) and _LENGTH.match(length) is not None


def _clean(request: Request) -> None:
    # WSGI passes bytes as Latin-1 characters.
    query = request.get("QUERY_STRING", "").encode("latin-1", "replace")
    request["QUERY_STRING"] = quote_from_bytes(query, safe=_ASCII)
    for name in UTF8:
        if name in request:
            sent = request[name].encode("latin-1", "replace")
            request[name] = sent.decode("utf-8", "replace").encode().decode("latin-1")
    for name in ADDRESSES:
        sent = request.get(name, "")
        if len(sent) > LONGEST_ADDRESS or address_parts(sent) is None:
            request.pop(name, None)
    for name in DATES:
        if name in request and _overflows_as_date(request[name]):
            del request[name]
    # The nearest proxy's word comes last. ProxyFix would accept any text as the scheme.
    if request.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower() not in ("http", "https"):
        request.pop("HTTP_X_FORWARDED_PROTO", None)


def _overflows_as_date(value: str) -> bool:
    """Whether parsing it as a date raises OverflowError, which no library expects. Other texts, such as
    entity tags, are passed on."""
    try:
        with suppress(TypeError, ValueError):
            parsedate_to_datetime(value)
    except OverflowError:
        return True
    return False
