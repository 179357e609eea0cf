"""The history of the settings: who changed what and when, undo, and changes that wait for their day."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import planned_shop_changes, shop_versions
from bot.config import toml_values
from bot.config.shop import Sections
from bot.config.shop_faults import ShopFileError
from bot.db.database import write_transaction
from bot.planned_shop_changes import PlannedShopChange
from bot.shop_versions import ShopVersion
from console.auth import staff_accounts
from console.settings import changes, changing
from console.settings.changes import Change
from console.shell.translation import gettext

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with what it changed."""

    version: ShopVersion
    changes: list[Change]


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/settings/versions")(settings_versions)
    console.get("/settings/versions/<int:version_id>/undo")(before_undo)
    console.post("/settings/versions/<int:version_id>/undo")(undo_settings)
    console.post("/settings/planned/<int:planned_id>/take-back")(take_back_settings)


def settings_versions() -> str:
    """The versions, newest first, a page at a time."""
    before = request.args.get("before", type=int)
    query = ShopVersion.select().order_by(ShopVersion.id.desc()).limit(AT_ONCE + 1)
    rows = list(query.where(ShopVersion.id < before) if before else query)
    shown = [Shown(each, _changes_of(each)) for each in rows[:AT_ONCE]]
    return render_template(
        "console/settings/versions.html",
        shown=shown,
        names=staff_accounts.names(),
        older=rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else None,
        planned=[(each, _changes_of_planned(each)) for each in planned_shop_changes.waiting()],
        refused=planned_shop_changes.refused(),
        stored_in_file=shop_versions.is_stored_in_file(),
    )


def before_undo(version_id: int) -> str:
    """What an undo of that version would change now."""
    version = _found(version_id)
    return render_template(
        "console/settings/undo.html",
        version=version,
        changes=changes.between(changes.now(), _sections(_undone(version))),
        fault="",
    )


def undo_settings(version_id: int) -> Response | tuple[str, int]:
    """Put the values back that the version changed, as a new version."""
    version = _found(version_id)
    note = gettext("#%(number)d を元に戻した", number=version.id)
    try:
        with write_transaction():
            changing.replace(_undone(version), current_user.id, note)
    except ShopFileError as unfit:
        return _unfit(version, unfit), 422
    flash(gettext("元に戻しました。"), "ok")
    return redirect(url_for("console.settings_versions"), 303)


def take_back_settings(planned_id: int) -> Response:
    """Take back a change that waits for its day."""
    with write_transaction():
        is_done = planned_shop_changes.take_back(planned_id, current_user.id)
    words = gettext("予定を取り消しました。") if is_done else gettext("この予定は、もう済んでいます。")
    flash(words, "ok" if is_done else "error")
    return redirect(url_for("console.settings_versions"), 303)


def _unfit(version: ShopVersion, unfit: ShopFileError) -> str:
    fault = "\n".join(changes.in_words_of_reader(each) for each in unfit.faults)
    return render_template("console/settings/undo.html", version=version, changes=[], fault=fault)


def _found(version_id: int) -> ShopVersion:
    found: ShopVersion = ShopVersion.get_or_none(ShopVersion.id == version_id) or abort(404)
    return found


def _before(version: ShopVersion) -> ShopVersion | None:
    """The version before that one."""
    found: ShopVersion | None = (
        ShopVersion.select().where(ShopVersion.id < version.id).order_by(ShopVersion.id.desc()).first()
    )
    return found


def _changes_of(version: ShopVersion) -> list[Change]:
    before, after = (_content(each) for each in (_before(version), version))
    return changes.between(_sections(before), _sections(after))


def _content(version: ShopVersion | None) -> toml_values.Parts:
    try:
        return shop_versions.content_of(version)
    except (ValueError, ShopFileError):  # no TOML: such a version is not in force either
        return {}


def _sections(content: shop_versions.Values) -> Sections:
    return shop_versions.sections_of(content)[0]


def _undone(version: ShopVersion) -> toml_values.Parts:
    """What the newest version says, with the values that this version changed as they were before it."""
    before, after, now = _content(_before(version)), _content(version), shop_versions.read_newest()
    for table in before.keys() | after.keys():
        old, new = before.get(table, {}), after.get(table, {})
        for key in old.keys() | new.keys():
            if old.get(key) == new.get(key):
                continue
            if key in old:
                now.setdefault(table, {})[key] = old[key]
            else:
                now.get(table, {}).pop(key, None)
    return now


def _changes_of_planned(planned: PlannedShopChange) -> list[Change]:
    content = shop_versions.laid_over(shop_versions.read_newest(), planned.values())
    return changes.between(changes.now(), _sections(content))
