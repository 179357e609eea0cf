"""Runs every check, those that ask others over the network side by side, and gives what they found in a fixed order.

A check that fails itself becomes a result as well: one fault hides no other.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from bot import log
from bot.backups import last
from bot.checks import of_database, of_line, of_machine, of_work
from bot.checks.result import Result, State
from bot.config.settings import Settings
from bot.text.two_languages import Sentence, both

Found = Result | Iterable[Result] | None
LatestBackup = Callable[[], datetime | None]
ASKING = (
    of_line.token,
    of_line.second_token,
    of_line.webhooks,
    of_line.quota,
    of_line.clock,
    of_machine.certificate,
)
"""Checks that wait for others: LINE, and our own public address."""


def latest_backup_at() -> datetime | None:
    """When the last backup that is still there was made."""
    found = last.last()
    return found.made_at if found is not None and found.is_there else None


def everything(config: Settings, latest_backup: LatestBackup = latest_backup_at) -> list[Result]:
    """What each check finds now. Takes up to half a minute when LINE does not answer."""
    with ThreadPoolExecutor(len(ASKING)) as pool:
        asked = [pool.submit(_found, check.__name__, check, config) for check in ASKING]
        here = _here(config, latest_backup)
        there = [result for each in asked for result in each.result()]
    return here[:1] + there + here[1:]


def is_well(results: Iterable[Result]) -> bool:
    """Whether nothing fails; warnings do not count."""
    return all(result.state is not State.FAIL for result in results)


def _here(config: Settings, latest_backup: LatestBackup) -> list[Result]:
    """The checks that ask nobody; those of the tables only where there are tables."""
    results = [*_found("settings", of_machine.settings, config), *_found("database", of_database.checks)]
    if all(result.state is not State.FAIL for result in results if result.key in {"database", "migrations"}):
        for check in (of_work.processes, of_work.parked_events, of_work.parked_messages, of_work.redelivery):
            results += _found(check.__name__, check)
        results += _found("backup", lambda: of_work.backup(latest_backup()))
    return results + _found("disk", of_machine.disk, config)


def _found(key: str, check: Callable[..., Found], *given: object) -> list[Result]:
    try:
        found = check(*given)
        if found is None:
            return []
        return [found] if isinstance(found, Result) else list(found)
    except Exception as error:  # a check must not hide the others
        log.exception("a check failed itself", check=key)
        said = both(
            "This could not be checked: {error}",
            "確かめられませんでした（{error}）。",
            error=type(error).__name__,
        )
        return [Result(key, Sentence(key, key), State.FAIL, said)]
