"""Finds the handler that answers an event. Which handlers there are is said by the door, in `handlers/__init__.py`.

Each module of handlers lists what it takes in a `Routes` of its own; `use` puts them in force. A text goes to the first
that takes it: its own command, what is recognised in it, the exchange that waits for it, the fallback.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from bot import log
from bot.line.messages import Message
from bot.routing.events import Event, InternalEvent, MediaReceived, PostbackReceived, TextReceived, Unknown

Answer = list[Message]
Handler = Callable[[Any], Answer | None]
Observer = Callable[[int, Any], None]
H = TypeVar("H", bound=Handler)
B = TypeVar("B", bound=Observer)


class DuplicateHandler(Exception):
    """Two handlers claim the same thing."""


@dataclass
class Routes:
    """Which function takes which event: of one module of handlers, or of all that are in force."""

    commands: dict[str, Handler] = field(default_factory=dict)
    recognised: dict[Callable[[str], object], Handler] = field(default_factory=dict)
    awaited: dict[str, Handler] = field(default_factory=dict)
    awaited_media: dict[str, Handler] = field(default_factory=dict)
    postbacks: dict[str, Handler] = field(default_factory=dict)
    internal_events: dict[str, Handler] = field(default_factory=dict)
    events: dict[type[Event], Handler] = field(default_factory=dict)
    observers: dict[type[Event] | str, Observer] = field(default_factory=dict)

    def on_text(self, *words: str) -> Callable[[H], H]:
        """The customer wrote just these words (any width, case, and marks at the end)."""
        return lambda handler: _add(self.commands, [plain(word) for word in words], handler)

    def on_text_that(self, fits: Callable[[str], object]) -> Callable[[H], H]:
        """The customer wrote a text that `fits` says yes to; asked before an open exchange gets the text.

        A handler that returns None leaves the text to the next.
        """
        return lambda handler: _add(self.recognised, [fits], handler)

    def on_awaited(self, kind: str) -> Callable[[H], H]:
        """The customer wrote while the exchange of that kind was open."""
        return lambda handler: _add(self.awaited, [kind], handler)

    def on_awaited_media(self, kind: str) -> Callable[[H], H]:
        """The customer sent a picture, or another thing, while the exchange of that kind was open."""
        return lambda handler: _add(self.awaited_media, [kind], handler)

    def on_postback(self, kind: str) -> Callable[[H], H]:
        """The customer tapped a button of that kind."""
        return lambda handler: _add(self.postbacks, [kind], handler)

    def on_internal_event(self, kind: str) -> Callable[[H], H]:
        """An event of our own of that kind; the kinds are in `bot/routing/event_kinds.py`."""
        return lambda handler: _add(self.internal_events, [kind], handler)

    def on_event(self, *types: type[Event]) -> Callable[[H], H]:
        """Any event of these types that nothing more particular took."""
        return lambda handler: _add(self.events, types, handler)

    def before_handling(self, *kinds: type[Event] | str) -> Callable[[B], B]:
        """Is given each event of these types, or of our own of that kind, before its handler, with the inbox row's
        number; what it writes stays even if the handler fails. It may be given an event again."""
        return lambda observer: _add(self.observers, kinds, observer)

    def include(self, other: "Routes") -> None:
        """Take over what another lists; of two that recognise one text, the one included first is asked first."""
        for table in fields(self):
            for name, handler in getattr(other, table.name).items():
                _add(getattr(self, table.name), [name], handler)


_routes = Routes()


def use(parts: Iterable[Routes]) -> None:
    """Put these routes in force, in place of any before them; DuplicateHandler when two take the same thing."""
    global _routes
    together = Routes()
    for part in parts:
        together.include(part)
    _routes = together


def observer_of(event: Event) -> Observer | None:
    """Who is given that event beforehand, if anybody."""
    return _routes.observers.get(event.kind if isinstance(event, InternalEvent) else type(event))


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
    return plain(text) in _routes.commands


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
            return _routes.postbacks.get(event.postback.kind) or _routes.events.get(PostbackReceived)
        case MediaReceived() if event.exchange and event.exchange.kind in _routes.awaited_media:
            return _routes.awaited_media[event.exchange.kind]
        case InternalEvent():
            return _routes.internal_events.get(event.kind)
        case _:
            return _routes.events.get(type(event))


def _handlers_of_text(event: TextReceived) -> Iterator[Handler]:
    called = _routes.commands.get(plain(event.text))
    if called:
        yield called
        return
    yield from (handler for fits, handler in _routes.recognised.items() if fits(event.text))
    awaited = _routes.awaited.get(event.exchange.kind) if event.exchange else None
    last = awaited or _routes.events.get(TextReceived)
    if last:
        yield last


def _add(table: dict[Any, Any], names: Any, handler: Any) -> Any:
    for name in names:
        if name in table and table[name] is not handler:
            raise DuplicateHandler(
                f"two handlers for {name!r}: {table[name].__name__} and {handler.__name__}"
            )
        table[name] = handler
    return handler


def _ready_to_paste(event: Event) -> str:
    match event:
        case InternalEvent():
            name = event.kind.replace(".", "_")
            return f'@routes.on_internal_event("{event.kind}")\ndef {name}(event: Happening) -> Answer: …'
        case _:
            name = type(event).__name__
            return f"@routes.on_event({name})\ndef {name.lower()}(event: {name}) -> Answer: …"
