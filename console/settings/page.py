"""The pages of the shop's settings: the subjects, the search, and the form of one subject."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import shop_versions
from bot.config.shop_faults import Fault, ShopFileError
from bot.db.database import write_transaction
from bot.queue import menu_publishing
from bot.shop_versions import ShopVersion
from console.settings import (
    changes,
    changing,
    examples,
    fields,
    meanings,
    numbers,
    real_messages,
    search,
    subjects,
)
from console.settings.fields import Field
from console.settings.subjects import Part, Subject
from console.shell.translation import gettext

LONGEST_NOTE = 200


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/settings")(settings)
    console.get("/settings/subjects/<key>")(settings_subject)
    console.post("/settings/subjects/<key>")(change_settings)
    console.get("/settings/number")(settings_number)
    console.post("/settings/unusable/drop")(drop_unusable_settings)


def settings() -> str:
    """The subjects, and what the search found."""
    asked = request.args.get("q", "").strip()
    content = shop_versions.read_newest()
    _, faults = shop_versions.sections_of(content)
    return render_template(
        "console/settings/settings.html",
        asked=asked,
        found=search.find(asked) if asked else [],
        subjects=[(each, _changed_count(each)) for each in subjects.all_subjects()],
        stored_in_file=shop_versions.is_stored_in_file(),
        newest=shop_versions.newest(),
        unusable=shop_versions.unusable_keys(faults, content),
        faults=[changes.in_words_of_reader(each) for each in faults],
    )


def settings_subject(key: str) -> str:
    """The form of a subject, with the values in force."""
    return _form(_found(key), {}, [], seen=shop_versions.newest())


def change_settings(key: str) -> Response | tuple[str, int]:
    """Store what was changed in the form as a version; all faults at once, and nothing typed is lost."""
    subject = _found(key)
    given = [field for _, of_part in fields.of_subject(subject) for field in of_part]
    typed = fields.typed(given, request.form)
    seen = _version(request.form.get("seen", 0, type=int))
    seen_sections, _ = shop_versions.sections_of(shop_versions.content_of(seen))
    values = changes.typed_changes(given, typed, seen_sections)
    if not values:
        flash(gettext("変えたところはありません。"), "ok")
        return redirect(url_for("console.settings_subject", key=key), 303)
    newest = shop_versions.newest()
    now, _ = shop_versions.sections_of(shop_versions.content_of(newest))
    if others := changes.changed_meanwhile(given, values, seen_sections, now):
        return _form(subject, typed, [], seen=newest, others=others), 422
    try:
        with write_transaction():
            changing.change(values, current_user.id, request.form.get("note", "")[:LONGEST_NOTE])
    except ShopFileError as unfit:
        return _form(subject, typed, unfit.faults, seen=newest), 422
    flash(gettext("保存しました。すべてのお客様に、すぐにこの設定でお応えします。"), "ok")
    return redirect(url_for("console.settings_subject", key=key), 303)


def settings_number() -> str:
    """What one number would change, as a part of the page: asked while it is typed."""
    name = next((each for each in request.args if ":" in each), "")
    table, _, key = name.partition(":")
    field = next((each for each in changes.all_fields() if (each.table, each.key) == (table, key)), None)
    if field is None or field.kind != "number":
        abort(404)
    return numbers.sentence(table, key, fields.read(field, [request.args[name]]))


def drop_unusable_settings() -> Response:
    """Leave out, for good, what this release cannot use; the versions keep it."""
    with write_transaction():
        shop_versions.drop_unusable(current_user.id, gettext("使えない設定を消した"))
    return redirect(url_for("console.settings"), 303)


def _found(key: str) -> Subject:
    return subjects.find(key) or abort(404)


def _version(number: int) -> ShopVersion | None:
    found: ShopVersion | None = ShopVersion.get_or_none(ShopVersion.id == number)
    return found


def _changed_count(subject: Subject) -> int:
    return sum(
        field.value() != field.default for _, of_part in fields.of_subject(subject) for field in of_part
    )


def _form(
    subject: Subject,
    typed: Mapping[str, list[str]],
    faults: Any,
    *,
    seen: ShopVersion | None,
    others: Mapping[str, str] | None = None,
) -> str:
    shown: list[tuple[Part, str, list[dict[str, Any]]]] = []
    for part, of_part in fields.of_subject(subject):
        rows = [_shown(each, typed) for each in of_part]
        if shown and shown[-1][0].table == part.table:  # several sections of one table are one to the reader
            shown[-1][2].extend(rows)
        else:
            shown.append((part, meanings.of_table(part.table), rows))
    names = {each["field"].name for _, _, of_part in shown for each in of_part}
    return render_template(
        "console/settings/subject.html",
        subject=subject,
        parts=shown,
        wrong=dict(others or {}) | {_name(each): changes.in_words_of_reader(each) for each in faults},
        elsewhere=[each for each in faults if _name(each) not in names],
        words=changes.in_words_of_reader,
        choice_words=meanings.of_choice,
        real_messages=real_messages.of,
        seen=seen.id if seen else 0,
        stored_in_file=shop_versions.is_stored_in_file(),
        menus=menu_publishing.state() if any(part.table == "menu.words" for part, _, _ in shown) else None,
        longest_note=LONGEST_NOTE,
        note=request.form.get("note", ""),
    )


def _name(fault: Fault) -> str:
    return f"{fault.table}:{fault.key}"


def _shown(field: Field, typed: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the template needs of a field."""
    value = field.value()
    texts = typed.get(field.name, fields.shown(field, value))
    if field.kind == "dates":
        texts = [*filter(None, texts), *[""] * fields.MORE_DATES]
    read = fields.read(field, texts)
    return {
        "field": field,
        "meaning": meanings.of_field(field),
        "texts": texts,
        "value": changes.in_words(field, value),
        "default": changes.in_words(field, field.default),
        "is_changed": value != field.default,
        "message": examples.message(field, texts[0]) if field.kind == "text" else None,
        "examples": examples.of_field(field) if field.kind == "text" else {},
        "says": numbers.sentence(field.table, field.key, read) if field.kind == "number" else "",
        "is_counted": (field.table, field.key) in numbers.NUMBERS,
    }
