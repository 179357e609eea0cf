"""Stores that the rich menus are to be published, and how far that is. Asked for in the console, or by the clock once
their words have changed; done by the clock (`handlers/menu_jobs.py`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import facts, localtime
from bot.db.database import write_transaction
from bot.queue.rich_menus import RichMenu

KEY, CHANGED = "menus", "menus:changed"
WANTED, RUNNING, DONE, FAILED = "wanted", "running", "done", "failed"
QUIET = timedelta(minutes=1)
"""Changes within this time of each other are published together."""
AFTER_FAILURE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class State:
    """How far publishing is."""

    state: str
    """One of the words above; empty when it was never asked for."""
    said: str = ""
    """What LINE or the command said when it failed."""
    is_changed: bool = False
    """Whether changed words wait to be published."""
    published_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to come, or running."""
        return self.state in (WANTED, RUNNING)


def ask() -> None:
    """Have the clock publish them, unless it is about to."""
    with write_transaction():
        if not state().is_under_way:
            _store(state=WANTED, said="")


def keep(state: str, said: str = "") -> None:
    """Store how far it is."""
    with write_transaction():
        _store(state=state, said=said)


def record_published(content: str) -> None:
    """LINE has the menus with this content (`ask_if_changed`)."""
    with write_transaction():
        _store(content=content, published_at=localtime.now().isoformat())
        facts.forget(CHANGED)


def ask_if_changed(content: str) -> int:
    """Ask for the menus to be published when their content differs from LINE's and has not changed for a minute; how
    many times (0 or 1). `content` is anything that changes with what is on them. Nothing while no menu is published."""
    known = _known().get("content")
    if not is_published() or known == content:
        if facts.get(CHANGED) is not None:
            with write_transaction():
                facts.forget(CHANGED)
        return 0
    if known is None:  # published by an earlier release, which did not record of what
        with write_transaction():
            _store(content=content)
        return 0
    if facts.get(CHANGED) != content:
        with write_transaction():
            facts.keep(CHANGED, content)
        return 0
    if state().is_under_way or not _is_time():
        return 0
    ask()
    return 1


def state() -> State:
    """How far it is; DONE where a command published them."""
    known = _known()
    at = known.get("published_at")
    return State(
        str(known.get("state") or (DONE if is_published() else "")),
        str(known.get("said", "")),
        facts.get(CHANGED) is not None,
        datetime.fromisoformat(at) if at else None,
    )


def is_published() -> bool:
    """Whether LINE has menus of ours."""
    return bool(RichMenu.select().exists())


def _is_time() -> bool:
    """Whether the last change is a minute old, and the last failure an hour."""
    now = localtime.now()
    changed_at = facts.changed_at(CHANGED)
    if changed_at is None or now - changed_at < QUIET:
        return False
    tried_at = facts.changed_at(KEY)
    failed = _known().get("state") == FAILED
    return not failed or tried_at is None or tried_at < changed_at or now - tried_at >= AFTER_FAILURE


def _known() -> dict[str, Any]:
    return facts.get(KEY) or {}


def _store(**values: str) -> None:
    facts.keep(KEY, _known() | values)
