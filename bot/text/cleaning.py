"""Makes text from outside fit to be stored and shown: every door hands its text to one of these. Pure.

JSON can escape what no database stores and no page can hold: NUL, and halves of surrogate pairs. Such a letter is
replaced or left out; the rest of the text stays as it came. What a text means is for others.
"""

import hashlib
import json
from typing import Any


class NestedTooDeeply(ValueError):
    """JSON with more levels than anybody writes."""


LONGEST_ID = 190
"""Letters of an id of another system that any column takes, with a prefix of ours."""


def storable(text: str) -> str:
    """The text without NUL, and with a question mark for each half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def read_json(text: str | bytes) -> Any:
    """What JSON says, all its texts and names storable. ValueError when it is none, or nested without end."""
    try:
        return _storable(json.loads(text))
    except RecursionError:
        raise NestedTooDeeply("nested too deeply") from None


def read_object(text: str | bytes) -> dict[str, Any]:
    """The JSON object; an empty one for whatever else it may be."""
    try:
        value = read_json(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def storable_id(text: str) -> str:
    """An id of another system: as it is, or in place of one that fits no column its hash, which is as unique."""
    text = storable(text)
    return text if len(text) <= LONGEST_ID else "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(name): _storable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_storable(each) for each in value]
    return value
