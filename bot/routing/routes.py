"""Finds the handler of an event. `handlers/__init__.py` lists the modules of handlers.

Each module lists its handlers in a `Routes` of its own; `use` puts them in force. A text goes to the first
handler that takes it: of a command, of a text that a function recognises, of the open exchange, of any text.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from bot import log
from bot.line.channels import MAIN
from bot.line.messages import Message
from bot.routing.events import Event, InternalEvent, MediaReceived, PostbackReceived, TextReceived, Unknown

Answer = list[Message]
Handler = Callable[[Any], Answer | None]
Observer = Callable[[int, Any], None]
Completion = Callable[[Event, Answer], Answer]
H = TypeVar("H", bound=Handler)
B = TypeVar("B", bound=Observer)


class DuplicateHandler(Exception):
    """Two handlers are registered for the same event."""


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
        """For a text of exactly these words (in any width and letter case, with or without punctuation around
        them)."""
        return lambda handler: _add(self.commands, [plain(word) for word in words], handler)

    def on_text_that(self, fits: Callable[[str], object]) -> Callable[[H], H]:
        """For a text for which `fits` returns something true; asked before the open exchange.

        A handler that returns None leaves the text to the next.
        """
        return lambda handler: _add(self.recognised, [fits], handler)

    def on_awaited(self, kind: str) -> Callable[[H], H]:
        """For a text while the exchange of that kind is open."""
        return lambda handler: _add(self.awaited, [kind], handler)

    def on_awaited_media(self, kind: str) -> Callable[[H], H]:
        """For a picture or other media while the exchange of that kind is open."""
        return lambda handler: _add(self.awaited_media, [kind], handler)

    def on_postback(self, kind: str) -> Callable[[H], H]:
        """For a tap on a button of that kind."""
        return lambda handler: _add(self.postbacks, [kind], handler)

    def on_internal_event(self, kind: str) -> Callable[[H], H]:
        """For an event of our own of that kind; the kinds are in `bot/routing/event_kinds.py`."""
        return lambda handler: _add(self.internal_events, [kind], handler)

    def on_event(self, *types: type[Event]) -> Callable[[H], H]:
        """For events of these types that no more specific handler takes."""
        return lambda handler: _add(self.events, types, handler)

    def before_handling(self, *kinds: type[Event] | str) -> Callable[[B], B]:
        """For each event of these types or kinds, before its handler: called with the inbox row's id and the
        event. What it writes stays even if the handler fails. It may be called again for the same event."""
        return lambda observer: _add(self.observers, kinds, observer)

    def include(self, other: "Routes") -> None:
        """Add another's routes; of two that recognise the same text, the one included first is asked first."""
        for table in fields(self):
            for name, handler in getattr(other, table.name).items():
                _add(getattr(self, table.name), [name], handler)


_routes = Routes()
_support_routes = Routes()
"""For what comes to the second account, which is a person's: nothing of `_routes` answers there."""
_complete: Completion | None = None


def use(parts: Iterable[Routes], complete: Completion | None = None, support: Routes | None = None) -> None:
    """Put these routes in force, in place of any before them. `complete` gets each answer of the main account
    before it is stored and returns what is to be sent; `support` takes what comes to the second account. Raises
    DuplicateHandler when two take the same event."""
    global _routes, _complete, _support_routes
    together = Routes()
    for part in parts:
        together.include(part)
    _routes, _complete, _support_routes = together, complete, support or Routes()


def observer_of(event: Event) -> Observer | None:
    """The observer of that event, if there is one."""
    return _routes.observers.get(event.kind if isinstance(event, InternalEvent) else type(event))


def dispatch(event: Event) -> Answer:
    """Call the event's handler and return the messages to send; an empty list when there are none."""
    for handler in _handlers_of(event):
        answer = handler(event)
        if answer is not None:
            return answer
    if not isinstance(event, Unknown):
        log.warning("no handler", kind=type(event).__name__, add=_handler_stub(event))
    return []


def complete(event: Event, answer: Answer) -> Answer:
    """What is to be sent: the handler's answer, with what goes along with it; nothing does from the second account."""
    return _complete(event, answer) if _complete and event.channel == MAIN else answer


def command(words: str, event: TextReceived) -> Answer:
    """Call the handler of a command that the customer asked for in other words."""
    return dispatch(replace(event, text=words))


def is_command(text: str) -> bool:
    """Whether the text is exactly a command of some handler."""
    return plain(text) in _routes.commands


def plain(words: str) -> str:
    """The words as commands are compared: normal width, lower case, without punctuation and blanks at the
    ends."""
    return unicodedata.normalize("NFKC", words).strip().strip("。、.!?～~「」【】").strip().lower()


def _handlers_of(event: Event) -> Iterator[Handler]:
    """The handlers that may take it, the most specific first."""
    routes = _routes if event.channel == MAIN else _support_routes
    match event:
        case TextReceived():
            yield from _handlers_of_text(event, routes)
            return
        case PostbackReceived():
            handler = routes.postbacks.get(event.postback.kind) or routes.events.get(PostbackReceived)
        case MediaReceived() if event.exchange and event.exchange.kind in routes.awaited_media:
            handler = routes.awaited_media[event.exchange.kind]
        case InternalEvent():
            handler = routes.internal_events.get(event.kind)
        case _:
            handler = routes.events.get(type(event))
    if handler is not None:
        yield handler


def _handlers_of_text(event: TextReceived, routes: Routes) -> Iterator[Handler]:
    called = routes.commands.get(plain(event.text))
    if called:
        yield called
        return
    yield from (handler for fits, handler in routes.recognised.items() if fits(event.text))
    awaited = routes.awaited.get(event.exchange.kind) if event.exchange else None
    last = awaited or routes.events.get(TextReceived)
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


def _handler_stub(event: Event) -> str:
    match event:
        case InternalEvent():
            name = event.kind.replace(".", "_")
            return f'@routes.on_internal_event("{event.kind}")\ndef {name}(event: InternalEvent) -> Answer: …'
        case _:
            name = type(event).__name__
            return f"@routes.on_event({name})\ndef {name.lower()}(event: {name}) -> Answer: …"
