"""The form with which the owner enters what winning a customer costs (CPO) and the margin of sales, and takes an entry
back. Versions are only added (`customers/costs/acquisition_costs.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime
from bot.db.database import write_transaction
from console.ltv import page
from console.shell import audit
from console.shell.pages import month_of_year
from console.shell.translation import gettext
from customers.costs import acquisition_costs
from customers.costs.acquisition_costs import FIRST_MONTH, MOST_YEN, Unchanged
from customers.costs.versions import Costs

LARGEST_PERMILLE = 1_000
_YEAR_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_YEN = re.compile(r"[0-9]{1,9}")
_PERCENT = re.compile(r"[0-9]{1,3}([.][0-9])?")


@dataclass(frozen=True, slots=True)
class Entered:
    """A form that can be taken."""

    from_month: date
    costs: Costs


def register(console: Blueprint) -> None:
    """Add the URLs of this form to the console's blueprint."""
    console.post("/ltv/costs")(enter_cost)
    console.post("/ltv/costs/<int:version_id>/undo")(undo_cost)


def enter_cost() -> Response | tuple[str, int]:
    """Add a version."""
    entered, errors = read(request.form, localtime.today())
    if entered is None:
        return page.shown(request.form, errors), 422
    try:
        with write_transaction():
            acquisition_costs.enter(entered.from_month, entered.costs, current_user.id)
            audit.note(
                from_month=entered.from_month.strftime("%Y-%m"),
                cpo_yen=entered.costs.cpo_yen,
                margin_percent=entered.costs.margin_permille / 10,
            )
    except Unchanged:
        flash(gettext("%(month)sからの値は、もうそのとおりです。", month=month_of_year(entered.from_month)))
    else:
        flash(gettext("%(month)sからの値を保存しました。", month=month_of_year(entered.from_month)))
    return _back()


def undo_cost(version_id: int) -> Response:
    """Add a version that says what was in force before this one."""
    try:
        with write_transaction():
            made = acquisition_costs.undo(version_id, current_user.id)
            if made is None:
                abort(404)
            audit.note(from_month=made.from_month.strftime("%Y-%m"))
    except Unchanged:
        flash(gettext("この入力は、もう使われていません。"))
    else:
        flash(gettext("入力を取り消し、その前の値に戻しました。"))
    return _back()


def read(form: Mapping[str, str], today: date) -> tuple[Entered | None, dict[str, str]]:
    """What the form says, or a sentence for each field that cannot be taken."""
    month = _month(form.get("from_month", ""), today)
    cpo, margin = _cpo(form.get("cpo_yen", "")), _permille(form.get("margin_percent", ""))
    errors = {}
    if month is None:
        errors["from_month"] = gettext(
            "2000年1月から%(last)sまでの月を入れてください。例：%(example)s",
            last=month_of_year(acquisition_costs.latest_month(today)),
            example=today.strftime("%Y-%m"),
        )
    if cpo is None:
        errors["cpo_yen"] = gettext(
            "1円から%(most)s円までの数字で入れてください。例：4500", most=f"{MOST_YEN:,}"
        )
    if margin is None:
        errors["margin_percent"] = gettext("0.1から100までの数字で、小数は1けたまで入れてください。例：62.5")
    if month is None or cpo is None or margin is None:
        return None, errors
    return Entered(month, Costs(cpo, margin)), {}


def _month(written: str, today: date) -> date | None:
    found = _YEAR_MONTH.fullmatch(written.strip())
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < FIRST_MONTH.year:
        return None
    month = date(int(found[1]), int(found[2]), 1)
    return month if FIRST_MONTH <= month <= acquisition_costs.latest_month(today) else None


def _cpo(written: str) -> int | None:
    digits = _plain(written).removeprefix("¥").removesuffix("円").replace(",", "")
    if not _YEN.fullmatch(digits):
        return None
    return int(digits) if 1 <= int(digits) <= MOST_YEN else None


def _permille(written: str) -> int | None:
    number = _plain(written).removesuffix("%")
    if not _PERCENT.fullmatch(number):
        return None
    permille = int(Decimal(number) * 10)
    return permille if 1 <= permille <= LARGEST_PERMILLE else None


def _plain(written: str) -> str:
    """Wide digits and signs as narrow ones, as Japanese keyboards write either."""
    return written.strip().translate(str.maketrans("０１２３４５６７８９．，％￥", "0123456789.,%¥"))


def _back() -> Response:
    return redirect(url_for("console.ltv", _anchor="t-cost"), 303)
