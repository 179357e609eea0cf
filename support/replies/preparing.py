"""Prepares a file of staff's for sending: what it is by its bytes, and a form that LINE accepts.

Pictures are redrawn (`bot/files/pictures.py`): no metadata, nothing hidden behind the picture, and small enough
to be LINE's preview too. Videos lose their metadata; documents are sent as they are. LINE's limits:
https://developers.line.biz/en/reference/messaging-api/#image-message
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.files import content_types, pictures

MOST_UPLOAD_BYTES = 11_000_000
"""Of one file, below what the web process takes in one request."""
MOST_PICTURE_BYTES = 1_000_000
"""LINE's limit of a preview picture; the picture itself may have 10 MB."""
SIDES = (2048, 1600, 1280, 960, 640)
_OFFICE = {"docx", "xlsx", "pptx"}
_PLAIN = {"csv", "txt"}
PICTURE, VIDEO, DOCUMENT = "image", "video", "file"
"""As `bot.files.media` and LINE call them; LINE has no message for documents, so they are linked."""


class Unfit(StrEnum):
    """Why a file cannot be sent."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    HEIC = "heic"
    MOVIE = "movie"
    """A video that is no MP4."""
    BROKEN = "broken"
    """A picture that cannot be drawn."""
    KIND = "kind"


class CannotBeSent(Exception):
    """The file cannot be sent; `reason` says why."""

    def __init__(self, reason: Unfit) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that may be stored and sent."""

    kind: str
    content_type: str
    content: bytes


def prepared(content: bytes, name: str) -> Prepared:
    """The file as it is sent. Its name counts only for documents whose bytes do not say what they are.

    Raises CannotBeSent. Takes about 0.3 seconds for a photo: not inside a transaction.
    """
    if not content:
        raise CannotBeSent(Unfit.EMPTY)
    if len(content) > MOST_UPLOAD_BYTES:
        raise CannotBeSent(Unfit.TOO_LARGE)
    head = content[: content_types.HEAD_BYTES]
    if content_types.is_still_in_boxes(head):
        raise CannotBeSent(Unfit.HEIC)
    found = content_types.detect(head)
    if found in content_types.PICTURES:
        return _picture(content, found)
    if found == content_types.MP4:
        if head[8:12] == b"qt  ":
            raise CannotBeSent(Unfit.MOVIE)
        return Prepared(VIDEO, found, content)
    return Prepared(DOCUMENT, _document(found, content, name), content)


def _picture(content: bytes, found: str) -> Prepared:
    """As PNG where it came so and stays small, which suits screenshots; otherwise as JPEG."""
    attempts = [(content_types.PNG, SIDES[0])] if found == content_types.PNG else []
    for content_type, side in (*attempts, *((content_types.JPEG, side) for side in SIDES)):
        try:
            drawn = pictures.redrawn(content, side, "PNG" if content_type == content_types.PNG else "JPEG")
        except pictures.Unfit as unfit:
            raise CannotBeSent(Unfit.BROKEN) from unfit
        if len(drawn) <= MOST_PICTURE_BYTES:
            return Prepared(PICTURE, content_type, drawn)
    raise CannotBeSent(Unfit.TOO_LARGE)


def _document(found: str, content: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    if found == content_types.PDF:
        return found
    is_office = ending in _OFFICE and content[:4] == b"PK\x03\x04"
    is_plain = ending in _PLAIN and b"\0" not in content
    if found == content_types.UNKNOWN and (is_office or is_plain):
        return found
    raise CannotBeSent(Unfit.MOVIE if ending in {"mov", "avi", "webm", "mkv", "m4v"} else Unfit.KIND)
