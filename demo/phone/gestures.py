"""URLs for what a person can do in a chat, one each under `/api/people/<user_id>/`.

Each reads its request; what it does on the platform is `demo/line/gestures.py`'s.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from demo.line import gestures
from demo.line.accounts import Person
from demo.line.channel import Channel
from demo.line.timeline import SHOP

PICTURE_BYTES = 10 * 1024 * 1024
TEXT_UNITS = 5000
Gesture = Callable[[Channel, Person], object]


def register(pages: Blueprint, channel: Channel, support: Channel | None) -> None:
    """Add a URL for each, and one below `support/` for the chat with the second account."""
    people = "/api/people/<user_id>"
    for name, gesture in GESTURES.items():
        pages.add_url_rule(f"{people}/{name}", name, _view(channel, gesture), methods=["POST"])
        if support is not None and name != "share":
            view = _support_view(channel, support, gesture)
            pages.add_url_rule(f"{people}/support/{name}", f"support-{name}", view, methods=["POST"])


def _view(channel: Channel, gesture: Gesture) -> Callable[[str], Response]:
    def view(user_id: str) -> Response:
        gesture(channel, person_of(channel, user_id))
        return jsonify({})

    return view


def _support_view(channel: Channel, support: Channel, gesture: Gesture) -> Callable[[str], Response]:
    def view(user_id: str) -> Response:
        gesture(support, gestures.same_person(support, person_of(channel, user_id)))
        return jsonify({})

    return view


def wanted() -> dict[str, Any]:
    """The request's JSON object; answers 400 when it is none."""
    value = request.get_json(silent=True)
    if not isinstance(value, dict):
        abort(400, "JSONで送ってください。")
    return value


def words(asked: dict[str, Any], name: str, most: int) -> str:
    """A text of the request; answers 400 when it is empty or longer than `most` characters."""
    value = asked.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        abort(400, f"{name}は1文字から{most}文字までです。")
    return value


def person_of(channel: Channel, user_id: str) -> Person:
    """The person of that id; answers 404 when there is none."""
    person = channel.people.get(user_id)
    if person is None:
        abort(404, "この人はいません。")
    return person


def _text(channel: Channel, person: Person) -> None:
    asked = wanted()
    said, peer = words(asked, "text", TEXT_UNITS), asked.get("peer", SHOP)
    if peer == SHOP:
        gestures.say(channel, person, said)
    else:
        gestures.share(channel, person, person_of(channel, str(peer)), said)


def _share(channel: Channel, person: Person) -> None:
    asked = wanted()
    receiver = person_of(channel, str(asked.get("to")))
    gestures.share(channel, person, receiver, words(asked, "text", TEXT_UNITS))


def _postback(channel: Channel, person: Person) -> None:
    asked = wanted()
    shown, params = str(asked.get("displayText") or "")[:300] or None, asked.get("params")
    data = words(asked, "data", 300)
    gestures.tap(channel, person, data, shown, params if isinstance(params, dict) else None)


def _sticker(channel: Channel, person: Person) -> None:
    asked = wanted()
    package, number = words(asked, "packageId", 20), words(asked, "stickerId", 20)
    keyword = str(asked.get("keyword") or "")[:20]
    gestures.send_sticker(channel, person, package, number, [keyword] if keyword else [])


def _location(channel: Channel, person: Person) -> None:
    asked = wanted()
    try:
        latitude, longitude = float(asked["latitude"]), float(asked["longitude"])
    except (KeyError, TypeError, ValueError):
        abort(400, "緯度と経度を数で送ってください。")
    title, address = words(asked, "title", 100), words(asked, "address", 100)
    gestures.send_location(channel, person, title, address, latitude, longitude)


def _image(channel: Channel, person: Person) -> None:
    if request.mimetype not in ("image/jpeg", "image/png"):
        abort(415, "写真はJPEGかPNGで送ってください。")
    data = request.get_data()
    if not 0 < len(data) <= PICTURE_BYTES:
        abort(413, "写真は10MBまでです。")
    gestures.send_image(channel, person, data, request.mimetype)


def _unsend(channel: Channel, person: Person) -> None:
    gestures.unsend(channel, person, words(wanted(), "id", 30))


GESTURES: dict[str, Gesture] = {
    "follow": gestures.follow,
    "block": gestures.block,
    "share": _share,
    "text": _text,
    "postback": _postback,
    "sticker": _sticker,
    "location": _location,
    "image": _image,
    "unsend": _unsend,
}
