"""Publishes our rich menus at LINE and links chats to them; publishing again changes only what differs.

What is on a menu and who sees which is left to `handlers/rich_menus.py`; here a menu is identified by its
name and the hash of its content.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import peewee

from bot import localtime
from bot.conversations import Conversation
from bot.db import erasure
from bot.db.database import Model, UtcDateTimeField, require_transaction, write_transaction
from bot.line.delivery import Answer
from bot.queue import outbox

MOST_AT_ONCE = 500
PREFIX = "goen:"
"""Begins the names of our menus at LINE; what the owner made in LINE's own manager is left alone."""


class RichMenu(Model):
    """A menu as LINE has it."""

    name = peewee.CharField(32, unique=True)
    content_hash = peewee.CharField(64)
    line_id = peewee.CharField(64)
    published_at = UtcDateTimeField()

    class Meta:
        table_name = "rich_menu"


class MenuLink(Model):
    """The menu that a chat was linked to; a chat without one sees the default."""

    conversation = peewee.ForeignKeyField(Conversation, unique=True)
    conversation_id: int
    line_id = peewee.CharField(64)

    class Meta:
        table_name = "menu_link"


class Line(Protocol):
    """What publishing needs of LINE; `bot/line/client.py` implements it."""

    def make_rich_menu(self, design: dict[str, Any]) -> Answer: ...
    def put_rich_menu_picture(self, menu_id: str, picture: bytes) -> Answer: ...
    def rich_menus(self) -> Answer: ...
    def default_rich_menu(self) -> Answer: ...
    def show_rich_menu_to_all(self, menu_id: str) -> Answer: ...
    def show_rich_menu_to_many(self, line_user_ids: list[str], menu_id: str) -> Answer: ...
    def delete_rich_menu(self, menu_id: str) -> Answer: ...


class MenuRefused(Exception):
    """LINE refused a menu. The text says at which step, and what LINE answered."""


@dataclass(frozen=True, slots=True)
class Design:
    """A menu: its picture, and what each area of it does."""

    name: str
    chat_bar_text: str
    width: int
    height: int
    areas: list[dict[str, Any]]
    picture: bytes = field(repr=False)

    def as_line_wants_it(self) -> dict[str, Any]:
        """The design as LINE's API takes it."""
        return {
            "size": {"width": self.width, "height": self.height},
            "selected": True,
            "name": PREFIX + self.name,
            "chatBarText": self.chat_bar_text,
            "areas": self.areas,
        }

    def content_hash(self) -> str:
        """Changes with the picture and with what its areas do."""
        design = json.dumps(self.as_line_wants_it(), sort_keys=True, ensure_ascii=False).encode()
        return hashlib.sha256(design + self.picture).hexdigest()


def publish(line: Line, designs: Sequence[Design]) -> dict[str, bool]:
    """Publish these menus at LINE, the first as the default of all chats; returns, by name, which were made
    now.

    Called outside a transaction, since it calls LINE: each menu is stored once LINE has all of it.
    """
    there = _ids_at_line(line)
    made = {design.name: _publish_one(line, design, there) for design in designs}
    default = str(id_of(designs[0].name))
    if json.loads(line.default_rich_menu().text or "{}").get("richMenuId") != default:
        _require(line.show_rich_menu_to_all(default), "shown to everybody")
    return made


def clear_old(line: Line) -> int:
    """Delete our menus at LINE that are no longer used, after all chats were given theirs; returns how many."""
    used = {str(row.line_id) for row in RichMenu.select(RichMenu.line_id)}
    old = _ids_at_line(line) - used
    for menu_id in old:
        _require(line.delete_rich_menu(menu_id), "deleted")
    return len(old)


def give_to_many(line: Line, name: str, chats: Sequence[tuple[int, str]]) -> None:
    """Link these chats (id and LINE user, at most 500) to that menu; stored once LINE has accepted."""
    menu_id = id_of(name)
    if menu_id is None or not chats:
        return
    _require(line.show_rich_menu_to_many([user_id for _, user_id in chats], menu_id), "linked")
    with write_transaction():
        for conversation_id, _ in chats:
            _store_link(conversation_id, menu_id)


def give(conversation_id: int, name: str) -> None:
    """Link one chat to that menu through the outbox; does nothing while no menu is published or when it is
    linked already."""
    require_transaction()
    menu_id = id_of(name)
    if menu_id is None:
        return
    known = MenuLink.get_or_none(MenuLink.conversation == conversation_id)
    if known is None or known.line_id != menu_id:
        _store_link(conversation_id, menu_id)
        outbox.show_menu(conversation_id, menu_id)


def id_of(name: str) -> str | None:
    """LINE's id of that menu; None while it is not published."""
    found = RichMenu.select(RichMenu.line_id).where(RichMenu.name == name).scalar()
    return None if found is None else str(found)


def forget(conversation_id: int) -> None:
    """Remove a link that LINE refused: the clock will find the chat without its menu and try again."""
    MenuLink.delete().where(MenuLink.conversation == conversation_id).execute()


def _publish_one(line: Line, design: Design, there: set[str]) -> bool:
    known = RichMenu.get_or_none(RichMenu.name == design.name)
    if known and known.content_hash == design.content_hash() and known.line_id in there:
        return False
    answer = _require(line.make_rich_menu(design.as_line_wants_it()), "made")
    menu_id = str(json.loads(answer.text)["richMenuId"])
    uploaded = line.put_rich_menu_picture(menu_id, design.picture)
    if uploaded.status != 200:
        line.delete_rich_menu(menu_id)
        _require(uploaded, "given its picture")
    with write_transaction():
        fresh = {
            "content_hash": design.content_hash(),
            "line_id": menu_id,
            "published_at": localtime.now(),
        }
        RichMenu.insert(name=design.name, **fresh).on_conflict(
            conflict_target=[RichMenu.name], update=fresh
        ).execute()
    return True


def _store_link(conversation_id: int, menu_id: str) -> None:
    MenuLink.insert(conversation=conversation_id, line_id=menu_id).on_conflict(
        conflict_target=[MenuLink.conversation], update={MenuLink.line_id: menu_id}
    ).execute()


def _ids_at_line(line: Line) -> set[str]:
    answer = _require(line.rich_menus(), "listed")
    menus = json.loads(answer.text).get("richmenus", [])
    return {str(menu["richMenuId"]) for menu in menus if str(menu.get("name", "")).startswith(PREFIX)}


def _require(answer: Answer, step: str) -> Answer:
    if answer.status not in {200, 202}:
        raise MenuRefused(
            f"A rich menu could not be {step}: LINE answered {answer.status} {answer.text[:300]}"
        )
    return answer


erasure.nothing("It is about menus of the shop.", RichMenu)
erasure.deleted(MenuLink, "conversation")
