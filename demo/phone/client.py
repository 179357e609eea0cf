"""A person's phone for scripts and tests: write, tap, read what came."""

from collections.abc import Iterator
from typing import Any

from demo.line import gestures
from demo.line.accounts import Friendship, Person
from demo.line.channel import Channel
from demo.line.timeline import SHOP, Entry, Side

BUBBLE_FROM_TOP_TO_BOTTOM = ("header", "hero", "body", "footer")


class Handset:
    """One person's chat with the shop. Actions return at once; the bot's answer arrives later."""

    def __init__(self, channel: Channel, person: Person) -> None:
        self.channel, self.person = channel, person
        self._read_up_to = 0

    @property
    def user_id(self) -> str:
        return self.person.user_id

    @property
    def blocking(self) -> bool:
        """Whether this person blocks the shop."""
        return self.person.friendship is Friendship.BLOCKING

    def follow(self) -> None:
        gestures.follow(self.channel, self.person)

    def block(self) -> None:
        gestures.block(self.channel, self.person)

    def say(self, text: str) -> str:
        """Write to the shop; returns the message's id."""
        return str(gestures.say(self.channel, self.person, text)["message"]["id"])

    def send_sticker(self, package_id: str = "446", sticker_id: str = "1988", *keywords: str) -> None:
        gestures.send_sticker(self.channel, self.person, package_id, sticker_id, list(keywords))

    def send_image(self, data: bytes, media_type: str = "image/jpeg") -> str:
        """Send a picture; returns the message's id, under which the shop can fetch it."""
        return str(gestures.send_image(self.channel, self.person, data, media_type)["message"]["id"])

    def send_audio(self, data: bytes, duration_ms: int = 1000) -> str:
        return str(gestures.send_audio(self.channel, self.person, data, duration_ms)["message"]["id"])

    def send_location(self, title: str, address: str, latitude: float, longitude: float) -> None:
        gestures.send_location(self.channel, self.person, title, address, latitude, longitude)

    def unsend(self, message_id: str) -> None:
        gestures.unsend(self.channel, self.person, message_id)

    def entries(self) -> list[Entry]:
        with self.channel.lock:
            return self.channel.timeline.chat(self.user_id, SHOP)

    def received(self) -> list[dict[str, Any]]:
        """Every message of the shop, oldest first."""
        return [entry.message for entry in self.entries() if entry.side is Side.THEIRS]

    def news(self) -> list[dict[str, Any]]:
        """The shop's messages since this was last called."""
        theirs = self.received()
        fresh = theirs[self._read_up_to :]
        self._read_up_to = len(theirs)
        return fresh

    def buttons(self) -> dict[str, dict[str, Any]]:
        """Every action that can be tapped, by its label; the newest wins, and quick replies count only on the
        last message."""
        entries = self.entries()
        found: dict[str, dict[str, Any]] = {}
        for entry in entries:
            body = {name: part for name, part in entry.message.items() if name != "quickReply"}
            found |= {action_label(action): action for action in actions_in(body)}
        if entries:
            chips = entries[-1].message.get("quickReply", {})
            found |= {action_label(action): action for action in actions_in(chips)}
        menu = self.channel.rich_menu_of(self.person)
        if menu is not None:
            for action in actions_in(menu.design):
                found.setdefault(action_label(action), action)
        return found

    def tap(self, label: str) -> str | None:
        """Tap the button with this label; returns the address if it opens one. Raises KeyError with the labels
        there are."""
        buttons = self.buttons()
        if label not in buttons:
            raise KeyError(f"no button {label!r}; there are {sorted(buttons)}")
        return self.do(buttons[label])

    def do(self, action: dict[str, Any]) -> str | None:
        match action["type"]:
            case "postback":
                shown = action.get("displayText") or action.get("text")
                gestures.tap(self.channel, self.person, action["data"], shown)
            case "message":
                self.say(action["text"])
            case "uri":
                with self.channel.lock:
                    self.channel.units.opened(self.user_id, action["uri"])
                return str(action["uri"])
        return None


def actions_in(part: Any) -> Iterator[dict[str, Any]]:
    """Every action object in a message, in reading order."""
    if isinstance(part, list):
        for item in part:
            yield from actions_in(item)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name in ("action", "defaultAction") and isinstance(value, dict):
                yield value
            elif name == "actions" and isinstance(value, list):
                yield from (one for one in value if isinstance(one, dict))
            else:
                yield from actions_in(value)


def action_label(action: dict[str, Any]) -> str:
    """The label of an action, as a person would name it."""
    return str(
        action.get("label") or action.get("displayText") or action.get("text") or action.get("data") or ""
    )


def as_plain_text(message: dict[str, Any]) -> str:
    """A message as plain text, in the order in which it is read."""
    match message["type"]:
        case "text" | "textV2":
            return str(message["text"])
        case "flex":
            return "\n".join(_words(message["contents"])) or str(message["altText"])
        case "template":
            return "\n".join(_words(message["template"]))
        case "image":
            return "［画像］"
        case "sticker":
            return "［スタンプ］" + "".join(message.get("keywords", [])[:1])
        case "location":
            return f"［位置情報］{message['title']} {message['address']}"
        case kind:
            return str(message.get("altText", f"［{kind}］"))


def _words(part: Any) -> Iterator[str]:
    """The texts of a part and of what it contains, then the labels of its buttons, in reading order."""
    if isinstance(part, list):
        for item in part:
            yield from _words(item)
    elif isinstance(part, dict) and part.get("type") == "bubble":
        for name in BUBBLE_FROM_TOP_TO_BOTTOM:  # whatever order the JSON has them in
            yield from _words(part.get(name))
    elif isinstance(part, dict):
        yield from _own_words(part)
        for inner in _held_by(part):
            yield from _words(inner)
        yield from _labels(part)


def _own_words(part: dict[str, Any]) -> list[str]:
    """The text of the part itself: a text, or title and text of a template."""
    if part.get("type") == "text":
        return ["".join(str(span.get("text", "")) for span in part.get("contents") or [part])]
    if "title" in part or ("text" in part and "actions" in part):
        return [str(part[name]) for name in ("title", "text") if name in part]
    return []


def _held_by(part: dict[str, Any]) -> list[Any]:
    """What the part contains besides its buttons; the spans of a text belong to the text."""
    if part.get("type") == "text" and part.get("contents"):
        return []
    return [value for name, value in part.items() if name not in ("action", "actions", "defaultAction")]


def _labels(part: dict[str, Any]) -> list[str]:
    actions = [part.get("action"), *part.get("actions", [])]
    return [
        f"［{action['label']}］" for action in actions if isinstance(action, dict) and action.get("label")
    ]
