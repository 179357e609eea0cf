"""Makes text from outside fit to store and show; everything that receives text passes it through here. Pure.

JSON can escape what no database stores and no page can hold: NUL, and halves of surrogate pairs. Such a
character is replaced or left out; the rest of the text stays as it came.
"""

import hashlib
import json
from typing import Any


class NestedTooDeeply(ValueError):
    """The JSON has more levels than can be read."""


LONGEST_ID = 190
"""Characters of another system's id that fit into any column together with a prefix of ours."""


def storable(text: str) -> str:
    """The text without NUL, and with a question mark for each half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def read_json(text: str | bytes) -> Any:
    """The parsed JSON, with all texts and names made storable. Raises ValueError when it is not JSON, or
    nested too deeply."""
    try:
        return _storable(json.loads(text))
    except RecursionError:
        raise NestedTooDeeply("nested too deeply") from None


def read_object(text: str | bytes) -> dict[str, Any]:
    """The parsed JSON object; an empty one for anything else."""
    try:
        value = read_json(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def storable_id(text: str) -> str:
    """An id of another system: unchanged, or its hash, which is as unique, when it is too long for a column."""
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
