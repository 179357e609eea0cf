"""Stores that the rich menus are to be published, and how far that is. Asked for in the console; done by the clock
(`handlers/menu_jobs.py`)."""

from dataclasses import dataclass

from bot import facts
from bot.db.database import write_transaction
from bot.queue.rich_menus import RichMenu

KEY = "menus"
WANTED, RUNNING, DONE, FAILED = "wanted", "running", "done", "failed"


@dataclass(frozen=True, slots=True)
class State:
    """How far publishing is."""

    state: str
    """One of the words above; empty when it was never asked for."""
    said: str = ""
    """What LINE or the command said when it failed."""

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to come, or running."""
        return self.state in (WANTED, RUNNING)


def ask() -> None:
    """Have the clock publish them, unless it is about to."""
    with write_transaction():
        if not state().is_under_way:
            facts.keep(KEY, {"state": WANTED})


def keep(state: str, said: str = "") -> None:
    """Store how far it is."""
    with write_transaction():
        facts.keep(KEY, {"state": state, "said": said})


def state() -> State:
    """How far it is; DONE where a command published them."""
    known = facts.get(KEY)
    if known is None:
        return State(DONE if is_published() else "")
    return State(str(known["state"]), str(known.get("said", "")))


def is_published() -> bool:
    """Whether LINE has menus of ours."""
    return bool(RichMenu.select().exists())
