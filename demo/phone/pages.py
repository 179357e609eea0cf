"""The phone page and the JSON API it uses; what an action does on the platform is `demo/line/gestures.py`'s."""

import json
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from demo.line import gestures as line_gestures
from demo.line.accounts import Friendship, Person
from demo.line.channel import Channel
from demo.line.shapes import LOOPBACK_HOSTS
from demo.line.timeline import Entry, Side
from demo.phone import gestures as phone_gestures
from demo.phone import shop_pages
from demo.phone.controls import Controls, here
from demo.phone.gestures import person_of, wanted, words
from demo.phone.login_pages import add_login
from demo.phone.tour import add_tour
from demo.phone.tour import described as described_tour

LONGEST_WAIT_SECONDS = 15.0
SECOND_ACCOUNT = "support"
"""The peer of a person's chat with the shop's second account."""
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data: https: http://127.0.0.1:* http://localhost:*",
        "media-src 'self' https: http://127.0.0.1:*",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


def phone_pages(channel: Channel, controls: Controls | None, support: Channel | None = None) -> Blueprint:
    """The blueprint with the phone page and its JSON. `support` is the shop's second account, a chat of its own."""
    pages = Blueprint(
        "phone",
        __name__,
        url_prefix="/phone",
        static_folder="static",
        static_url_path="/static",
        template_folder="templates",
    )
    _guard(pages)
    _add_reading(pages, channel, controls, support)
    _add_people(pages, channel, support)
    if controls is not None:
        _add_controls(pages, channel, controls)
        add_login(pages, channel, controls)
        if controls.tour is not None:
            add_tour(pages, controls.tour)
    return pages


def _guard(pages: Blueprint) -> None:
    """Serve this machine's own browser only: no other site may read the page or post to it."""

    @pages.before_request
    def only_this_machine() -> None:
        if request.host.rsplit(":", 1)[0].strip("[]") not in LOOPBACK_HOSTS:
            abort(403)
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in (
            "same-origin",
            "none",
        ):
            abort(403)

    @pages.after_request
    def strict(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @pages.errorhandler(line_gestures.NotAllowed)
    def not_allowed(_: line_gestures.NotAllowed) -> tuple[Response, int]:
        return jsonify(error="今はできません。友だちかどうかを確かめてください。"), 409

    @pages.errorhandler(HTTPException)
    def failed(error: HTTPException) -> tuple[Response, int]:
        return jsonify(error=error.description or "うまくいきませんでした。"), error.code or 500


def _add_reading(
    pages: Blueprint, channel: Channel, controls: Controls | None, support: Channel | None
) -> None:
    session = secrets.token_hex(4)
    """Changes with each start, so that a page that was left open reloads itself."""

    @pages.get("")
    def page() -> str:
        return render_template("phone.html", shop_name=channel.identity.shop_name)

    @pages.get("/api/updates")
    def updates() -> Response:
        after = request.args.get("after", default=0, type=int)
        wait = min(request.args.get("wait", default=0.0, type=float), LONGEST_WAIT_SECONDS)
        if wait > 0:
            channel.wait_for_change(after, wait)
        with channel.lock:
            listed = {person.user_id for person in channel.people.all() if person.on_phone}
            changed = {one.user_id for one in channel.people.all() if one.changed > after}
            chats = [shown(one) for one in channel.timeline.since(after)]
            if support is not None:
                changed |= {one.user_id for one in support.people.all() if one.changed > after}
                chats += [{**shown(one), "peer": SECOND_ACCOUNT} for one in support.timeline.since(after)]
            return jsonify(
                session=session,
                cursor=channel.timeline.last_change,
                now=channel.at_ms(),
                shop=_account(channel),
                support=None if support is None else _account(support),
                people=[
                    _described_with(channel, support, one)
                    for one in channel.people.all()
                    if one.on_phone and one.user_id in changed
                ],
                entries=[_on_this_machine(one, controls) for one in chats if one["owner"] in listed],
                controls=_controls(controls),
            )

    @pages.get("/content/<message_id>")
    def content(message_id: str) -> Response:
        item = channel.contents.get(message_id)
        if item is None and support is not None:
            item = support.contents.get(message_id)
        if item is None or item.gone or not item.media_type.startswith(("image/", "audio/")):
            abort(404)
        return Response(item.data, content_type=item.media_type)

    @pages.get("/richmenu/<menu_id>")
    def rich_menu_image(menu_id: str) -> Response:
        menu = channel.rich_menus.find(menu_id)
        if menu is None or menu.image is None:
            abort(404)
        return Response(menu.image, content_type=menu.image_type)


def _account(channel: Channel) -> dict[str, str]:
    return {"name": channel.identity.shop_name, "basicId": channel.identity.basic_id}


def _described_with(channel: Channel, support: Channel | None, person: Person) -> dict[str, Any]:
    """The person, and what they are to the second account."""
    there = None if support is None else support.people.get(person.user_id)
    friendship = Friendship.STRANGER if there is None else there.friendship
    typing_ms = 0 if support is None or there is None else _typing_ms(support, there)
    return described(channel, person) | {"support": friendship.value, "supportTypingMs": typing_ms}


def _typing_ms(channel: Channel, person: Person) -> int:
    return max(0, int((person.typing_until - channel.now()) * 1000))


def described(channel: Channel, person: Person) -> dict[str, Any]:
    menu = channel.rich_menu_of(person)
    return {
        "id": person.user_id,
        "name": person.name,
        "friendship": person.friendship.value,
        "color": person.face_color,
        "typingMs": _typing_ms(channel, person),
        "menu": None if menu is None or menu.image is None else menu.described(),
    }


def shown(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "owner": entry.owner,
        "peer": entry.peer,
        "side": entry.side.value,
        "message": entry.message,
        "at": entry.at_ms,
        "read": entry.read,
        "unsent": entry.unsent,
        "changed": entry.changed,
    }


def _on_this_machine(entry: dict[str, Any], controls: Controls | None) -> dict[str, Any]:
    """The same entry with public addresses replaced by those on this machine, in links and pictures alike."""
    body = json.dumps(entry)
    for public, served in controls.addresses if controls else ():
        body = body.replace(public, served).replace(quote(public, safe=""), quote(served, safe=""))
    moved: dict[str, Any] = json.loads(body)
    return moved


def _controls(controls: Controls | None) -> dict[str, Any] | None:
    if controls is None:
        return None
    return {
        "products": [vars(product) for product in controls.products],
        "links": [{"label": label, "url": url} for label, url in controls.console_links],
        "flows": [{"label": label, "url": url} for label, url in controls.flow_links],
        "tour": described_tour(controls.tour) if controls.tour else None,
        "restart": dict(zip(("ja", "en"), controls.restart_note, strict=True)),
        "timezone": controls.timezone,
    }


def _add_people(pages: Blueprint, channel: Channel, support: Channel | None) -> None:
    @pages.post("/api/people")
    def arrive() -> Response:
        name = words(wanted(), "name", 20).strip()
        return jsonify(id=line_gestures.arrive(channel, name).user_id)

    phone_gestures.register(pages, channel, support)


def _add_controls(pages: Blueprint, channel: Channel, controls: Controls) -> None:
    @pages.get("/api/page")
    def page_of_the_shop() -> Response:
        url = here(request.args.get("url", ""), controls.addresses)
        url = shop_pages.destination(url, controls.addresses, request.user_agent.string)
        page = shop_pages.read(url, controls.addresses)
        return jsonify(url=url, page=None if page is None else vars(page))

    @pages.post("/api/controls/buy")
    def buy() -> tuple[Response, int]:
        asked = wanted()
        person = person_of(channel, str(asked.get("person")))
        codes = {product.code for product in controls.products}
        product = asked.get("product")
        if product not in codes:
            abort(400, "この商品はありません。")
        return _answered(lambda: controls.buy(person.user_id, str(product)))

    @pages.post("/api/controls/travel")
    def travel() -> tuple[Response, int]:
        asked = wanted()
        days = asked.get("days")
        if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= 366:
            abort(400, "1日から366日まで進められます。")
        person = channel.people.get(str(asked.get("person")))
        return _answered(lambda: controls.travel(days), report_on(person) if person is not None else dict)

    def report_on(person: Person) -> Callable[[], dict[str, Any]]:
        """What the person got from now on, and what comes next: asked after the travel."""
        since = controls.now()
        before = {entry.id for entry in channel.timeline.chat(person.user_id)}

        def report() -> dict[str, Any]:
            with channel.lock:
                chat = channel.timeline.chat(person.user_id)
            new = [one for one in chat if one.side is Side.THEIRS and one.id not in before]
            coming = controls.coming(person.user_id)
            return {
                "arrived": [vars(one) for one in controls.arrived(person.user_id, since, new)],
                "coming": None if coming is None else vars(coming),
            }

        return report

    def _answered(control: Any, more: Callable[[], dict[str, Any]] = dict) -> tuple[Response, int]:
        """The sentence to show: the function's result, or the message of whatever it raised."""
        try:
            return jsonify(message=control(), now=channel.at_ms(), **more()), 200
        except Exception as error:
            return jsonify(error=str(error) or type(error).__name__), 500
