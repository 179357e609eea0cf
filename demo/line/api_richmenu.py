"""LINE's rich menu calls: create, upload the picture, list, delete, link to all people, to one, to many."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from demo.line import refusals
from demo.line.accounts import USER_ID
from demo.line.channel import Channel
from demo.line.refusals import Refusal
from demo.line.richmenus import check

MOST_LINKED = 500


def add_rich_menu_calls(api: Blueprint, channel: Channel) -> None:
    """Add the rich menu calls to the API."""
    _add_making(api, channel)
    _add_default(api, channel)
    _add_linking(api, channel)


def _json() -> Any:
    return request.get_json(silent=True)


def _add_making(api: Blueprint, channel: Channel) -> None:
    @api.post("/richmenu")
    def create_rich_menu() -> Response:
        with channel.lock:
            return jsonify(richMenuId=channel.rich_menus.create(_json()))

    @api.post("/richmenu/validate")
    def validate_rich_menu() -> Response:
        check(_json())
        return jsonify({})

    @api.get("/richmenu/list")
    def list_rich_menus() -> Response:
        return jsonify(richmenus=[menu.described() for menu in channel.rich_menus.all()])

    @api.get("/richmenu/<menu_id>")
    def get_rich_menu(menu_id: str) -> Response:
        return jsonify(channel.rich_menus.get(menu_id).described())

    @api.delete("/richmenu/<menu_id>")
    def delete_rich_menu(menu_id: str) -> Response:
        with channel.lock:
            channel.rich_menus.delete(menu_id)
            channel.touch_all()
        return jsonify({})

    @api.post("/richmenu/<menu_id>/content")
    def put_rich_menu_image(menu_id: str) -> Response:
        with channel.lock:
            channel.rich_menus.put_image(menu_id, request.get_data(), request.mimetype)
        return jsonify({})

    @api.get("/richmenu/<menu_id>/content")
    def get_rich_menu_image(menu_id: str) -> Response:
        menu = channel.rich_menus.get(menu_id)
        if menu.image is None:
            raise refusals.not_found()
        return Response(menu.image, content_type=menu.image_type)


def _add_default(api: Blueprint, channel: Channel) -> None:
    @api.post("/user/all/richmenu/<menu_id>")
    def set_default_rich_menu(menu_id: str) -> Response:
        with channel.lock:
            channel.rich_menus.default_id = channel.rich_menus.with_image(menu_id).id
            channel.touch_all()
        return jsonify({})

    @api.get("/user/all/richmenu")
    def get_default_rich_menu() -> Response:
        if channel.rich_menus.default_id is None:
            raise Refusal(404, "no default richmenu")
        return jsonify(richMenuId=channel.rich_menus.default_id)

    @api.delete("/user/all/richmenu")
    def cancel_default_rich_menu() -> Response:
        with channel.lock:
            channel.rich_menus.default_id = None
            channel.touch_all()
        return jsonify({})


def _add_linking(api: Blueprint, channel: Channel) -> None:
    def link(user_id: str, menu_id: str | None) -> None:
        """Linking a menu to somebody who blocks the shop answers 200 and does nothing."""
        if not USER_ID.fullmatch(user_id):
            raise Refusal(400, "The value for the 'userId' parameter is invalid")
        with channel.lock:
            person = channel.people.get(user_id)
            if person is None:
                raise refusals.not_found()
            if person.reachable:
                person.rich_menu_id = menu_id
                channel.touch(person)

    @api.post("/user/<user_id>/richmenu/<menu_id>")
    def link_rich_menu(user_id: str, menu_id: str) -> Response:
        link(user_id, channel.rich_menus.with_image(menu_id).id)
        return jsonify({})

    @api.get("/user/<user_id>/richmenu")
    def get_linked_rich_menu(user_id: str) -> Response:
        person = channel.people.get(user_id)
        if person is None or person.rich_menu_id is None:
            raise Refusal(404, "the user has no richmenu")
        return jsonify(richMenuId=person.rich_menu_id)

    @api.delete("/user/<user_id>/richmenu")
    def unlink_rich_menu(user_id: str) -> Response:
        link(user_id, None)
        return jsonify({})

    def many(menu_id: str | None, user_ids: object) -> tuple[Response, int]:
        if not isinstance(user_ids, list) or not 1 <= len(user_ids) <= MOST_LINKED:
            raise Refusal(400, f"userIds must hold 1 to {MOST_LINKED} user ids")
        if not all(isinstance(one, str) and USER_ID.fullmatch(one) for one in user_ids):
            raise Refusal(400, "userIds holds an invalid user id")
        for user_id in user_ids:
            if channel.people.get(user_id) is not None:
                link(user_id, menu_id)
        return jsonify({}), 202

    @api.post("/richmenu/bulk/link")
    def bulk_link_rich_menu() -> tuple[Response, int]:
        wanted = _json() or {}
        return many(channel.rich_menus.with_image(str(wanted.get("richMenuId"))).id, wanted.get("userIds"))

    @api.post("/richmenu/bulk/unlink")
    def bulk_unlink_rich_menu() -> tuple[Response, int]:
        return many(None, (_json() or {}).get("userIds"))
