"""Encodes what a button carries as `kind?name=value`, and decodes it without trusting it."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from bot.line import message_limits

LONGEST = message_limits.POSTBACK_DATA


@dataclass(frozen=True, slots=True)
class Postback:
    """The data of a tapped button. Values are text of unknown origin: the handler checks them."""

    kind: str
    values: dict[str, str]

    def number(self, name: str) -> int | None:
        """That value as a whole number, or None when it is missing or not one."""
        value = self.values.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def encode(kind: str, **values: object) -> str:
    """The data of a button. Raises ValueError when it is longer than LINE allows."""
    data = f"{kind}?{urlencode(values)}" if values else kind
    if len(data) > LONGEST:
        raise ValueError(f"postback data of {len(data)} characters; LINE takes {LONGEST}: {data[:60]}…")
    return data


def decode(data: str) -> Postback:
    """The data as a Postback. Never fails: unknown data has a kind that no handler takes."""
    kind, _, query = data[:LONGEST].partition("?")
    return Postback(kind, dict(parse_qsl(query, keep_blank_values=True)))
