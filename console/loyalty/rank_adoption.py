"""Puts the rules of a rank simulation in force: at once, or from a day on.

Ranks and points that are computed from then on carry the version of these rules; earlier ones keep theirs
(`rewards/ledger/rule_versions.py`).
"""

from datetime import date, timedelta

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import localtime, planned_shop_changes, shop_versions
from bot.config import shop, shop_toml
from bot.config.shop_faults import ShopFileError
from bot.config.toml_values import Parts
from bot.db.database import write_transaction
from console.settings import changes, changing
from console.shell.translation import gettext
from rewards.simulation import rule_simulations
from rewards.simulation.rule_simulations import RankSimulation

FURTHEST = timedelta(days=366)
TABLES = ("ranks", "points")
"""The tables that a simulation tries."""


def register(console: Blueprint) -> None:
    """Add the URL of this form to the console's blueprint."""
    console.post("/rank-trials/<int:simulation_id>/adopt")(adopt_ranks)


def adopt_ranks(simulation_id: int) -> Response:
    """Make a version of the simulation's rules, or plan it for the day that was chosen."""
    simulation = rule_simulations.find(simulation_id) or abort(404)
    back = redirect(url_for("console.rank_simulation", simulation_id=simulation_id), 303)
    from_on = _day(request.form.get("from_on", ""))
    if from_on is None:
        flash(gettext("はじめる日を、きょうから1年のうちでえらんでください。"), "error")
        return back
    note = gettext("ランクの試算 #%(number)d", number=simulation_id)
    try:
        values = differing(simulation)
        if not values:
            flash(gettext("この試算は、いまの決まりと同じです。"), "error")
            return back
        with write_transaction():
            if from_on <= localtime.today():
                changing.change(values, current_user.id, note)
            else:
                shop_versions.considered(values)
                planned_shop_changes.plan(values, from_on, current_user.id, note)
    except ShopFileError as unfit:
        flash("\n".join(changes.in_words_of_reader(each) for each in unfit.faults), "error")
        return back
    flash(gettext("この決まりは、選んだ日から使われます。"), "ok")
    return redirect(url_for("console.settings_versions"), 303)


def differing(simulation: RankSimulation) -> Parts:
    """The values of the simulation that differ from those in force. Raises ShopFileError when its text cannot be used
    any more."""
    draft = shop.draft(simulation.rules)
    named = shop.parts_of(shop_toml.parsed(simulation.rules))
    found: Parts = {}
    for table in TABLES:
        for model in shop.models()[table]:
            for key in named.get(table, {}).keys() & model.model_fields.keys():
                value = getattr(draft.get(model), key)
                if value != getattr(shop.get(model), key):
                    found.setdefault(table, {})[key] = value
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if localtime.today() <= day <= localtime.today() + FURTHEST else None
