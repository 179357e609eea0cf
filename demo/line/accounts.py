"""The people who have LINE, and each one's friendship with the shop: stranger, friend, or blocking it."""

import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

USER_ID = re.compile(r"U[0-9a-f]{32}")
FACE_COLORS = ("#7a9e7e", "#c98b6b", "#6b8fc9", "#b07aa8", "#c9a84e", "#5fa3a3", "#b86b78", "#8a86c4")


class Friendship(StrEnum):
    """Whether a person follows or blocks the shop on LINE."""

    STRANGER = "stranger"
    FRIEND = "friend"
    BLOCKING = "blocking"


@dataclass
class Person:
    """A LINE user."""

    user_id: str
    name: str
    friendship: Friendship = Friendship.STRANGER
    on_phone: bool = True
    """Whether the phone page lists this person; hundreds of sample customers are left out."""
    language: str | None = "ja"
    picture_url: str | None = None
    status_message: str | None = None
    typing_until: float = 0.0
    """Until when the shop's loading animation shows (real time)."""
    rich_menu_id: str | None = None
    changed: int = field(default=0)
    """Number of the last change, by which pages poll."""

    @property
    def reachable(self) -> bool:
        """Whether messages of the shop reach this person."""
        return self.friendship is Friendship.FRIEND

    @property
    def face_color(self) -> str:
        """Colour of the person's picture where they have none."""
        return FACE_COLORS[int(self.user_id[1:9], 16) % len(FACE_COLORS)]


class People:
    """All people by user id, in the order they were added."""

    def __init__(self) -> None:
        self._people: dict[str, Person] = {}

    def add(self, name: str, user_id: str | None = None, *, on_phone: bool = True) -> Person:
        """Add a person. Raises ValueError for a malformed or used id."""
        chosen = user_id or f"U{secrets.token_hex(16)}"
        if not USER_ID.fullmatch(chosen):
            raise ValueError(f"a LINE user id is U and 32 hexadecimal digits, not {chosen!r}")
        if chosen in self._people:
            raise ValueError(f"{chosen} exists already")
        person = Person(chosen, name, on_phone=on_phone)
        self._people[chosen] = person
        return person

    def get(self, user_id: str) -> Person | None:
        return self._people.get(user_id)

    def all(self) -> list[Person]:
        return list(self._people.values())


def profile(person: Person) -> dict[str, str]:
    """LINE's profile object; language, picture and status are left out when the person shares none."""
    optional = {
        "pictureUrl": person.picture_url,
        "statusMessage": person.status_message,
        "language": person.language,
    }
    named = {"userId": person.user_id, "displayName": person.name}
    return named | {name: value for name, value in optional.items() if value}
