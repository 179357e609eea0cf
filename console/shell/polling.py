"""Polling: a part of a page requests itself every two seconds and is replaced only when it has changed.

The part carries a digest of what it shows; the server answers 204 until the digest differs, so that nothing
flickers and nothing that is being typed is replaced.
"""

import hashlib
from typing import Any

from flask import Response, request, url_for
from markupsafe import Markup

EVERY = "every 2s"


def part(html_id: str, body: str, endpoint: str, **values: Any) -> Markup:
    """The body in an element that polls the endpoint."""
    address = url_for(endpoint, **values, seen=_digest(body))
    return Markup(
        '<div id="{}" class="live" hx-get="{}" hx-trigger="{}" hx-swap="outerHTML">{}</div>'
    ).format(html_id, address, EVERY, Markup(body))  # noqa: S704 -- a rendered template, escaped there


def answer(fragment: Markup, body: str, beside: str = "") -> Response:
    """The fragment, or 204 when the requesting page shows just this already."""
    if request.args.get("seen") == _digest(body):
        return Response(status=204)
    return Response(fragment + Markup(beside))  # noqa: S704


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
