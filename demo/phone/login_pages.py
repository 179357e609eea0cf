"""LINE Login over HTTP: the consent page, the shop's two calls, and the whole sign-in as the phone page shows
it.

What is refused is `demo/line/login.py`'s.
"""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urljoin

import urllib3
from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from demo.line import gestures
from demo.line.accounts import Person
from demo.line.channel import Channel
from demo.line.login import Asked
from demo.line.refusals import Refusal
from demo.line.shapes import LOOPBACK_HOSTS
from demo.phone import shop_pages
from demo.phone.controls import Controls, here
from demo.phone.shop_pages import ShopPage

POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def login_pages(channel: Channel, controls: Controls | None) -> Blueprint:
    """The blueprint with LINE Login's pages and calls."""
    pages = Blueprint("line_login", __name__, url_prefix="/oauth2/v2.1", template_folder="templates")
    addresses = controls.addresses if controls else ()

    @pages.before_request
    def only_this_machine() -> None:
        if request.host.rsplit(":", 1)[0].strip("[]") not in LOOPBACK_HOSTS:
            abort(403)

    @pages.errorhandler(Refusal)
    def refused(refusal: Refusal) -> tuple[Response, int]:
        if request.path.endswith("/authorize"):
            return Response(refusal.body["message"], content_type="text/plain; charset=utf-8"), refusal.status
        fields = {name: value for name, value in refusal.body.items() if name != "message"}
        return jsonify(fields), refusal.status

    @pages.get("/authorize")
    def consent_page() -> Response:
        asked = channel.login.read(request.args)
        people = [one for one in channel.people.all() if one.on_phone]
        shop = channel.identity.shop_name
        page = Response(
            render_template(
                "login.html", shop=shop, people=people, fields=request.args, offers=asked.offers_friendship
            )
        )
        page.headers["Content-Security-Policy"] = POLICY
        page.headers["Cache-Control"] = "no-store"
        return page

    @pages.post("/authorize")
    def consent() -> AnyResponse:
        if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            abort(403)
        asked = channel.login.read(request.form)
        person = channel.people.get(request.form.get("person", ""))
        if person is None:
            abort(404)
        allow, friend = "allow" in request.form, "friend" in request.form
        return redirect(here(decided(channel, asked, person, allow=allow, friend=friend), addresses), 303)

    @pages.post("/token")
    def token() -> Response:
        with channel.lock:
            return jsonify(channel.login.token(request.form))

    @pages.post("/verify")
    def verify() -> Response:
        return jsonify(channel.login.verify(request.form))

    return pages


def decided(channel: Channel, asked: Asked, person: Person, *, allow: bool, friend: bool) -> str:
    """The URL the browser goes to after the consent page. Whoever agrees may also become the shop's friend."""
    if not allow:
        return channel.login.declined(asked)
    became = friend and asked.offers_friendship and gestures.follow(channel, person) is not None
    return channel.login.agreed(asked, person, became_friend=became)


def walk(
    channel: Channel,
    person: Person,
    start: str,
    addresses: Sequence[tuple[str, str]],
    *,
    allow: bool,
    friend: bool,
) -> ShopPage | None:
    """Follow the redirects from the shop's link to LINE and back; the page it ends on. None if the link does not
    lead to LINE."""
    if not any(start.startswith(f"{served}/") for _, served in addresses):
        return None
    left = urllib3.request("GET", start, retries=False, redirect=False, timeout=5)
    to_line = urllib3.util.parse_url(left.headers.get("Location", ""))
    if left.status != 303 or to_line.path != "/oauth2/v2.1/authorize":
        return None
    asked = channel.login.read(dict(parse_qsl(to_line.query or "")))
    url = here(decided(channel, asked, person, allow=allow, friend=friend), addresses)
    cookie = {"Cookie": left.headers.get("Set-Cookie", "").partition(";")[0]}
    back = urllib3.request("GET", url, headers=cookie, retries=False, redirect=False, timeout=20)
    if back.status == 303:
        url = urljoin(url, back.headers["Location"])
        back = urllib3.request("GET", url, retries=False, redirect=False, timeout=5)
    return shop_pages.page_in(back.data.decode(errors="replace"), url)


def add_login(pages: Blueprint, channel: Channel, controls: Controls) -> None:
    """Add the URL by which the phone page signs in: what a browser would show is shown on the phone."""

    @pages.post("/api/people/<user_id>/login")
    def login(user_id: str) -> Response:
        person, wanted = channel.people.get(user_id), request.get_json(silent=True)
        if person is None or not isinstance(wanted, dict):
            abort(404, "この人はいません。")
        allow, friend = wanted.get("allow") is True, wanted.get("friend") is True
        try:
            url = str(wanted.get("url"))
            page = walk(channel, person, url, controls.addresses, allow=allow, friend=friend)
        except (urllib3.exceptions.HTTPError, Refusal) as error:
            abort(502, f"ページをひらけませんでした（{error}）。")
        return jsonify(page=None if page is None else vars(page))
