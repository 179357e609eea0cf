"""Stores what owners change of the shop's settings as versions, and puts the newest in force in every process.

The file shop.toml gives what the versions do not say. Where SHOP_TOML is set, the file alone rules
(`is_stored_in_file`). A version is never changed or deleted: an undo is a new version with the old values. Which
values a page shows, and who may change them, is left to the console (`console/settings/`).
"""

import threading
import time
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from weakref import WeakKeyDictionary

import peewee

from bot import localtime, log, notices
from bot.config import settings, shop, shop_toml, toml_values
from bot.config.shop_faults import Fault, ShopFileError
from bot.config.toml_values import Parts
from bot.db import after_commit
from bot.db.database import (
    Model,
    UtcDateTimeField,
    advisory_lock,
    database,
    execute,
    forget_connection,
    require_transaction,
    write_transaction,
)
from bot.text.two_languages import both

REFRESH_SECONDS = 1.0
NOTICE = "shop-version:"
"""How the causes of notices about versions begin."""
Values = Mapping[str, Mapping[str, object]]
"""New values by table and key: {"survey": {"question_after_days": 10}}."""


class ShopVersion(Model):
    """What owners have changed, as a whole, at one time."""

    content = peewee.TextField()
    """TOML of the values that differ from the file (or, without one, from the defaults)."""
    made_at = UtcDateTimeField()
    made_by_id = peewee.IntegerField(null=True)
    """The member of staff; null for a command."""
    note = peewee.TextField(default="")

    class Meta:
        table_name = "shop_version"


_file: Parts = {}
_in_force: WeakKeyDictionary[peewee.Database, int | None] = WeakKeyDictionary()
"""The newest version this process has read, for each database."""
_refreshing, _putting = threading.Lock(), threading.Lock()
_refreshed_at = float("-inf")


def load(path: Path) -> None:
    """Put the file in force, at the start of a process. Raises ShopFileError."""
    global _file
    parts = shop.parts_of(shop_toml.read(path))
    shop.put_in_force(shop.checked(parts))
    _file = parts


def is_stored_in_file() -> bool:
    """Whether SHOP_TOML is set in the environment: then the file rules, and versions are not used."""
    return "shop_toml" in settings.current().model_fields_set


def change(values: Values, by: int | None, note: str = "") -> ShopVersion:
    """Append a version with these values, and put it in force in this process when the transaction is committed;
    the other processes do so within about two seconds (`refresh`).

    Needs a write transaction. Raises ShopFileError with every fault, and then nothing is changed; also where the
    settings are kept in a file.
    """
    _lock()
    content = read_newest()
    unusable = set_aside(content)
    return _append(laid_over(_without(content, unusable), values), unusable, by, note)


def replace(content: Values, by: int | None, note: str = "") -> ShopVersion:
    """Append a version that says this alone, as `change` does: for an undo, and for an import."""
    _lock()
    unusable = set_aside(read_newest())
    return _append(_without(content, unusable), unusable, by, note)


def drop_unusable(by: int | None, note: str = "") -> ShopVersion:
    """Append a version without the values that cannot be used any more."""
    _lock()
    content = read_newest()
    return _append(_without(content, set_aside(content)), {}, by, note)


def newest() -> ShopVersion | None:
    """The newest version; None when nothing was ever changed in the console."""
    found: ShopVersion | None = ShopVersion.select().order_by(ShopVersion.id.desc()).first()
    return found


def content_of(version: ShopVersion | None) -> Parts:
    """What the version says, by table and key: all that differs from the file. Nothing for None."""
    return {} if version is None else dict(shop.parts_of(tomllib.loads(version.content)))


def read_newest() -> Parts:
    """What the newest version says."""
    return content_of(newest())


def sections_of(content: Values) -> tuple[shop.Sections, tuple[Fault, ...]]:
    """The sections that this content makes of the file's, and the faults of what had to be left out for it, such
    as a key that this release does not know any more."""
    left = laid_over({}, content)
    faults: list[Fault] = []
    while True:
        try:
            return shop.checked(laid_over(_file, left)), tuple(faults)
        except ShopFileError as unfit:
            faults += unfit.faults
            lighter = _without(left, unusable_keys(unfit.faults, left))
            left = {} if lighter == left else lighter


def set_aside(content: Values) -> Parts:
    """The values of this content that cannot be used, and why is in `sections_of`."""
    return unusable_keys(sections_of(content)[1], content)


def refresh(*, at_once: bool = False) -> None:
    """Put the newest version in force, if it is not yet. Asks the database once a second at most, in whichever
    thread comes by, outside of transactions.

    A version that cannot be used never stops a process: what is wrong with it is left out, and the owner reads a
    sentence about it. Where the database is away, or has no such table yet, all stays as it is until the next time.
    """
    global _refreshed_at
    if not at_once and time.monotonic() - _refreshed_at < REFRESH_SECONDS:
        return
    if is_stored_in_file() or not _refreshing.acquire(blocking=at_once):
        return
    try:
        _refreshed_at = time.monotonic()
        number = execute("SELECT MAX(id) FROM shop_version").fetchone()[0]
        if number != _in_force.get(database.obj):  # also a smaller one, of a database that was restored
            _read_and_put(number)
    except peewee.PeeweeException:
        forget_connection()
    finally:
        _refreshing.release()


def _read_and_put(number: int | None) -> None:
    version = None if number is None else ShopVersion.get_by_id(number)
    try:
        content = content_of(version)
    except (tomllib.TOMLDecodeError, ShopFileError) as unreadable:
        content = {}
        log.error("settings cannot be read", version=number, error=str(unreadable))
    sections, faults = sections_of(content)
    _put(database.obj, number, sections)
    for each in faults:
        log.error("a setting is left out", version=number, error=each.sentence)
    if faults:
        with write_transaction():
            notices.notify(
                f"{NOTICE}{number}",
                f"お店の設定のうち、いまの版では使えないものが{len(faults)}件あります。管理画面の「お店の設定」でお確かめください。",
            )


def _put_newer(bound: peewee.Database, number: int, sections: shop.Sections) -> None:
    """Of two commits of this process, the one that was made last counts, whichever comes here first."""
    with _putting:
        if number > (_in_force.get(bound) or 0):
            _put(bound, number, sections)


def _put(bound: peewee.Database, number: int | None, sections: shop.Sections) -> None:
    shop.put_in_force(sections)
    _in_force[bound] = number


def _lock() -> None:
    """One change after the other: each begins with what the one before it left."""
    require_transaction()
    if is_stored_in_file():
        raise ShopFileError(
            both(
                "The settings are kept in the file that SHOP_TOML names: change them there.",
                "お店の設定は SHOP_TOML のファイルにあります。そちらを書きかえてください。",
            )
        )
    advisory_lock("shop_version")


def _append(content: Parts, unusable: Parts, by: int | None, note: str) -> ShopVersion:
    sections = shop.checked(laid_over(_file, content))
    version = ShopVersion.create(
        content=toml_values.written(laid_over(unusable, _unlike_file(content, sections))),
        made_at=localtime.now(),
        made_by_id=by,
        note=note.strip(),
    )
    if not unusable:
        notices.take_down_older(NOTICE, localtime.now())
    bound, number = database.obj, version.id
    after_commit.call(lambda: _put_newer(bound, number, sections))
    return version


def _unlike_file(content: Parts, sections: shop.Sections) -> Parts:
    """Without the values that the file, or else the default, gives anyway."""
    file = shop.checked(_file)
    found: Parts = {}
    for name, models in shop.models().items():
        for model in models:
            other, given = file.get(model) or model(), sections.get(model)
            for key in content.get(name, {}).keys() & model.model_fields.keys():
                if getattr(given, key) != getattr(other, key):
                    found.setdefault(name, {})[key] = getattr(given, key)
    return found


def unusable_keys(faults: Iterable[Fault], content: Values) -> Parts:
    """The values of this content that the faults are about."""
    found: Parts = {}
    for each in faults:
        values = content.get(each.table, {})
        of_it = {key: value for key, value in values.items() if key == each.key or not each.key}
        if of_it:
            found.setdefault(each.table, {}).update(of_it)
    return found


def considered(values: Values) -> shop.Sections:
    """The sections that `change` would put in force. Raises ShopFileError with every fault."""
    content = read_newest()
    return shop.checked(laid_over(_file, laid_over(_without(content, set_aside(content)), values)))


def laid_over(below: Values, above: Values) -> Parts:
    """All values, those of the second where both have one."""
    return {
        name: dict(below.get(name, {})) | dict(above.get(name, {}))
        for name in sorted(below.keys() | above.keys())
    }


def _without(content: Values, others: Values) -> Parts:
    """Without the keys that stand there with the same value."""
    left = {
        name: {key: value for key, value in values.items() if not _holds(others, name, key, value)}
        for name, values in content.items()
    }
    return {name: values for name, values in left.items() if values}


def _holds(content: Values, name: str, key: str, value: object) -> bool:
    return key in content.get(name, {}) and content[name][key] == value
