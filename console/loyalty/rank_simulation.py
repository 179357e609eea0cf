"""Lets the owner simulate new rank rules over the real history, before they are put into force.

A large shop is counted in a thread of the web process, never in the request; the page polls for the result.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from bot import localtime, log, shop_versions
from bot.config import shop
from bot.db import database
from bot.db.database import write_transaction
from bot.text.two_languages import of_error, shown
from console.figures import cache
from console.loyalty import rank_adoption, rank_simulation_form
from console.loyalty.points import action_in_words
from console.shell import csv_file
from console.shell.translation import gettext, reads_english
from rewards.ledger.settings import PointRules
from rewards.ranks.rules import Rank
from rewards.ranks.settings import RankSection
from rewards.simulation import rule_simulations, simulate
from rewards.simulation.rule_simulations import RankSimulation
from rewards.simulation.simulate import MOST_AMBASSADORS, MovedCustomer

PAGE_LENGTH = 50
SCAN_SECONDS = 0.15
LONGEST_RULES = 50_000
_counting = threading.Lock()


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/rank-trials")(rank_simulations)
    console.post("/rank-trials")(try_ranks)
    console.get("/rank-trials/<int:simulation_id>")(rank_simulation)
    console.get("/rank-trials/<int:simulation_id>.csv")(rank_simulation_csv)


def rank_simulations() -> str:
    """The rules in force, or those of a simulation, ready to be changed, and the latest simulations."""
    begun_from = rule_simulations.find(request.args.get("from", 0, type=int))
    if begun_from is None:
        return _form()
    return _form(rank_simulation_form.values_of(shop.draft(begun_from.rules)), rules=begun_from.rules)


def try_ranks() -> AnyResponse | tuple[str, int]:
    """Check the rules as at start-up, and simulate them: the form's numbers, or an uploaded or pasted shop.toml."""
    if "rules" not in request.form:
        typed = rank_simulation_form.read(request.form)
        if faults := rank_simulation_form.faults(typed):
            return _form(typed, faults), 422
        return _try(rank_simulation_form.written(typed))
    uploaded = request.files.get("file")
    rules = request.form.get("rules", "").replace("\r\n", "\n")
    if uploaded is not None and uploaded.filename:
        rules = uploaded.stream.read(LONGEST_RULES + 1).decode("utf-8-sig", "replace")
    if len(rules) > LONGEST_RULES:
        return _form(rules="", error=gettext("ルールの文が長すぎます。")), 422
    try:
        draft = shop.draft(rules)
    except shop.ShopFileError as unfit:
        error = shown(of_error(unfit), "en" if reads_english() else "ja")
        return _form(rules=rules, error=error), 422
    if not (draft.names(RankSection) or draft.names(PointRules)):
        return _form(rules=rules, error=gettext("[ranks] か [points] の項目を書いてください。")), 422
    return _try(rules)


def _try(rules: str) -> AnyResponse:
    with write_transaction():
        simulation = rule_simulations.begin(rules, current_user.name)
    if cache.is_large():
        _count_in_background(simulation)
    else:
        _count(simulation)
    return redirect(url_for("console.rank_simulation", simulation_id=simulation.id), 303)


def rank_simulation(simulation_id: int) -> str:
    """The result: customers of each rank, and a page of those whose rank would change."""
    simulation = _found(simulation_id)
    replayed = rule_simulations.result_of(simulation)
    if replayed is None:
        _count_in_background(simulation)  # the process that counted may have ended
        return render_template("console/rank_simulation.html", simulation=simulation, replayed=None)
    after_id = max(0, request.args.get("after", 0, type=int))
    movers, next_id = simulate.moved(
        rule_simulations.measure_of(simulation), after_id, PAGE_LENGTH, SCAN_SECONDS
    )
    return render_template(
        "console/rank_simulation.html",
        simulation=simulation,
        replayed=replayed,
        ranks=list(Rank),
        action_in_words=action_in_words,
        changes=rank_simulation_form.changes(shop.draft(simulation.rules)),
        movers=movers,
        next_id=next_id,
        after_id=after_id,
        many_ambassadors=replayed.tried.ambassador_share > MOST_AMBASSADORS,
        most_ambassadors=round(MOST_AMBASSADORS * 100),
        today=localtime.today(),
        tomorrow=localtime.today() + timedelta(days=1),
        latest=localtime.today() + rank_adoption.FURTHEST,
        can_adopt=bool(rank_adoption.differing(simulation)),
        stored_in_file=shop_versions.is_stored_in_file(),
    )


def rank_simulation_csv(simulation_id: int) -> Response:
    """All customers whose rank would change, as CSV."""
    simulation = _found(simulation_id)
    if simulation.result is None:
        abort(404)
    return csv_file.answer(
        f"rank-trial-{simulation.id}.csv", _rows(simulate.all_moved(rule_simulations.measure_of(simulation)))
    )


def _rows(movers: Iterator[MovedCustomer]) -> Iterator[Sequence[object]]:
    yield (
        gettext("番号"),
        gettext("お客様"),
        gettext("いまのランク"),
        gettext("新しい決まりでのランク"),
        gettext("金額"),
        gettext("行動"),
        gettext("関係性"),
    )
    for each in movers:
        axes = (each.axes.money, each.axes.behaviour, each.axes.relationship)
        yield (each.customer_id, each.display_name, each.held.ja, each.deserved.ja, *axes)


def _form(
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    rules: str | None = None,
    error: str = "",
) -> str:
    today = rank_simulation_form.values_of()
    return render_template(
        "console/rank_simulations.html",
        tables=rank_simulation_form.TABLES,
        today=today,
        typed=typed or today,
        faults=faults or {},
        rules=shop.as_written(RankSection) if rules is None else rules,
        error=error,
        simulations=rule_simulations.latest(),
    )


def _found(simulation_id: int) -> RankSimulation:
    return rule_simulations.find(simulation_id) or abort(404)


def _count(simulation: RankSimulation) -> None:
    replayed = rule_simulations.run(simulation)
    with write_transaction():
        rule_simulations.store_result(simulation, replayed)


def _count_in_background(simulation: RankSimulation) -> None:
    """Count in a thread, one simulation at a time; one that is waiting starts when the page polls again."""
    if _counting.acquire(blocking=False):
        threading.Thread(
            target=_count_and_release, args=(simulation,), name="rank-trial", daemon=True
        ).start()


def _count_and_release(simulation: RankSimulation) -> None:
    try:
        _count(simulation)
    except Exception:  # the next poll of the page starts it again
        log.exception("trying rank rules failed", simulation=simulation.id)
    finally:
        database.close()
        _counting.release()
