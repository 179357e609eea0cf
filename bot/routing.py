"""Decides which handler answers an event. Handlers are plain functions that register themselves here.

A text goes to the first that wants it: its own command, what is recognised in it, the exchange that waits for it,
the fallback.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from bot import log
from bot.events import Event, Happening, MediaReceived, PostbackReceived, TextReceived, Unknown
from bot.line_messages import Message

Answer = list[Message]
Handler = Callable[[Any], Answer | None]
Witness = Callable[[int, Any], None]
H = TypeVar("H", bound=Handler)
W = TypeVar("W", bound=Witness)

_commands: dict[str, Handler] = {}
_recognised: dict[Callable[[str], object], Handler] = {}
_awaited: dict[str, Handler] = {}
_awaited_media: dict[str, Handler] = {}
_postbacks: dict[str, Handler] = {}
_happenings: dict[str, Handler] = {}
_events: dict[type[Event], Handler] = {}
_witnesses: dict[type[Event] | str, Witness] = {}


class DuplicateHandler(Exception):
    """Two handlers claim the same thing."""


def on_text(*words: str) -> Callable[[H], H]:
    """The customer wrote just these words (any width, case, and marks at the end)."""
    return lambda handler: _register(_commands, [plain(word) for word in words], handler)


def on_text_that(fits: Callable[[str], object]) -> Callable[[H], H]:
    """The customer wrote a text that `fits` says yes to; asked before an open exchange gets the text.

    A handler that returns None leaves the text to the next.
    """
    return lambda handler: _register(_recognised, [fits], handler)


def on_awaited(kind: str) -> Callable[[H], H]:
    """The customer wrote while the exchange of that kind was open."""
    return lambda handler: _register(_awaited, [kind], handler)


def on_awaited_media(kind: str) -> Callable[[H], H]:
    """The customer sent a picture, or another thing, while the exchange of that kind was open."""
    return lambda handler: _register(_awaited_media, [kind], handler)


def on_postback(kind: str) -> Callable[[H], H]:
    """The customer tapped a button of that kind."""
    return lambda handler: _register(_postbacks, [kind], handler)


def on_happening(kind: str) -> Callable[[H], H]:
    """An event of our own of that kind."""
    return lambda handler: _register(_happenings, [kind], handler)


def on_event(*types: type[Event]) -> Callable[[H], H]:
    """Any event of these types that nothing more particular took."""
    return lambda handler: _register(_events, types, handler)


def on_sight_of(*kinds: type[Event] | str) -> Callable[[W], W]:
    """Sees each event of these types, or of our own of that kind, before its handler does, with the inbox row's
    number; what it writes stays even if the handler fails. It may see an event again."""
    return lambda witness: _register(_witnesses, kinds, witness)


def witness_of(event: Event) -> Witness | None:
    """Who sees that event beforehand, if anybody."""
    return _witnesses.get(event.kind if isinstance(event, Happening) else type(event))


def dispatch(event: Event) -> Answer:
    """Call the event's handler; its answer is what to say, nothing at all is silence."""
    for handler in _handlers_of(event):
        answer = handler(event)
        if answer is not None:
            return answer
    if not isinstance(event, Unknown):
        log.warning("no handler", kind=type(event).__name__, add=_ready_to_paste(event))
    return []


def command(words: str, event: TextReceived) -> Answer:
    """Call the handler of a command that the customer wished for in words of their own."""
    return dispatch(replace(event, text=words))


def is_command(text: str) -> bool:
    """Whether the text is just the words that some handler is called by."""
    return plain(text) in _commands


def plain(words: str) -> str:
    """Words as commands are compared: normal width, small letters, without marks and blanks at the ends."""
    return unicodedata.normalize("NFKC", words).strip().strip("。、.!?～~「」【】").strip().lower()


def _handlers_of(event: Event) -> Iterator[Handler]:
    """Who may take it, the most particular first."""
    if isinstance(event, TextReceived):
        yield from _handlers_of_text(event)
    elif (handler := _find(event)) is not None:
        yield handler


def _find(event: Event) -> Handler | None:
    match event:
        case PostbackReceived():
            return _postbacks.get(event.postback.kind) or _events.get(PostbackReceived)
        case MediaReceived() if event.exchange and event.exchange.kind in _awaited_media:
            return _awaited_media[event.exchange.kind]
        case Happening():
            return _happenings.get(event.kind)
        case _:
            return _events.get(type(event))


def _handlers_of_text(event: TextReceived) -> Iterator[Handler]:
    called = _commands.get(plain(event.text))
    if called:
        yield called
        return
    yield from (handler for fits, handler in _recognised.items() if fits(event.text))
    awaited = _awaited.get(event.exchange.kind) if event.exchange else None
    last = awaited or _events.get(TextReceived)
    if last:
        yield last


def _register(table: dict[Any, Any], names: Any, handler: Any) -> Any:
    for name in names:
        if name in table and table[name] is not handler:
            raise DuplicateHandler(
                f"two handlers for {name!r}: {table[name].__name__} and {handler.__name__}"
            )
        table[name] = handler
    return handler


def _ready_to_paste(event: Event) -> str:
    match event:
        case Happening():
            return f'@on_happening("{event.kind}")\ndef {event.kind.replace(".", "_")}(event: Happening) -> Answer: …'
        case _:
            name = type(event).__name__
            return f"@on_event({name})\ndef {name.lower()}(event: {name}) -> Answer: …"
