"""The page of the conveyor belt: people on each of the seven stages, who stays, how long, month on month, and what each
push changed; the people behind each number.
"""

from datetime import date

from flask import Blueprint, Response, abort, render_template, request, url_for

from bot import localtime
from console.charts.values import Bars, Point, Series, Stacked
from console.figures import effects
from console.figures.definitions.stages import ON
from console.journeys import flow_words
from console.shell.pages import full_day, month_name, month_of_year
from console.shell.translation import gettext, ngettext
from console.stages import belt_figures, lists, pushes
from console.stages.belt_figures import Belt
from console.stages.lists import PeopleList
from customers.values import windows
from journeys.enrolments.stages import Stage
from journeys.figures import stage_counts
from journeys.figures.stage_history import ORDER

STAGE = "<any({}):stage>".format(", ".join(f'"{stage.value}"' for stage in ORDER))
FORWARD, BACK = "forward", "back"
SHORT_HISTORY_DAYS = 180
"""Stays longer than a history this short can hardly be in it yet."""


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/stages")(stages)
    console.get(f"/stages/{STAGE}")(stage_people)
    console.get(f"/stages/{STAGE}.csv")(stage_people_csv)
    console.get("/stages/moves")(stage_moves)
    console.get("/stages/moves.csv")(stage_moves_csv)


def stages() -> str:
    """The belt as a whole."""
    belt, counted = belt_figures.of_shop(), effects.shown()
    return render_template(
        "console/stages.html",
        belt=belt,
        names=names(),
        on_each=_on_each(belt) if belt is not None else None,
        by_month=_by_month(belt) if belt is not None else None,
        fewest=belt_figures.FEWEST,
        is_short=belt is not None
        and belt.began_on is not None
        and (localtime.today() - belt.began_on).days < SHORT_HISTORY_DAYS,
        pushes=pushes.by_stage(counted) if counted is not None else None,
        order=ORDER,
    )


def stage_people(stage: str) -> str:
    """The people on a stage, now or at the end of a day; with `reached`, also those further on."""
    return lists.page(_of_stage(stage))


def stage_people_csv(stage: str) -> Response:
    """All of them."""
    return lists.file(_of_stage(stage), f"stage-{stage}")


def stage_moves() -> str:
    """The people who moved on, or back, within a month."""
    return lists.page(_of_moves())


def stage_moves_csv() -> Response:
    """All of them."""
    return lists.file(_of_moves(), "stage-moves")


def names() -> dict[str, str]:
    """What the stages are called, in their order."""
    return {stage: words for stage, words in flow_words.choices("stage").items() if stage}


def _of_stage(name: str) -> PeopleList:
    stage, on = Stage(name), lists.day("on", localtime.today())
    is_reached = request.args.get("reached") == "1"
    which = ORDER[ORDER.index(stage) :] if is_reached else (stage,)
    if not stage_counts.is_known(on) and on < localtime.today():
        abort(404)
    is_now = on >= localtime.today()
    values: dict[str, object] = {"stage": name}
    if not is_now:
        values["on"] = on.isoformat()
    if is_reached:
        values["reached"] = "1"
    title = gettext("%(stage)sに届いた方", stage=names()[name]) if is_reached else gettext(ON[stage])
    if not is_now:
        title = gettext("%(what)s（%(day)sの終わり）", what=title, day=full_day(on))
    return PeopleList(
        title=title,
        next_ids=lambda after, limit: stage_counts.page(which, on, after, limit),
        endpoint="console.stage_people",
        csv_endpoint="console.stage_people_csv",
        values=values,
        way_back=_way_back(),
        here="stages",
        audience={"audience.stages": [each.value for each in which]} if is_now else None,
    )


def _of_moves() -> PeopleList:
    way = request.args.get("way", FORWARD)
    if way not in (FORWARD, BACK):
        abort(404)
    month = lists.day("month", localtime.today()).replace(day=1)
    window = windows.calendar_month(month)
    said = month_of_year(month)
    title = (
        gettext("%(month)sに先の段階へ進んだ方", month=said)
        if way == FORWARD
        else gettext("%(month)sに前の段階へ戻った方", month=said)
    )
    return PeopleList(
        title=title,
        next_ids=lambda after, limit: stage_counts.page_moved(window, after, limit, forward=way == FORWARD),
        endpoint="console.stage_moves",
        csv_endpoint="console.stage_moves_csv",
        values={"month": month.isoformat(), "way": way},
        way_back=_way_back(),
        here="stages",
    )


def _way_back() -> tuple[str, str]:
    return url_for("console.stages"), gettext("ベルトコンベア")


def _people(count: int) -> str:
    return ngettext("%(num)d人", "%(num)d人", count)


def _on_each(belt: Belt) -> Bars:
    said = names()
    return Bars(
        gettext("いま、それぞれの段階にいる方"),
        [
            Point(
                said[each.stage],
                each.on_count,
                _people(each.on_count),
                href=url_for("console.stage_people", stage=each.stage.value),
            )
            for each in belt.stages
        ],
        gettext("段階"),
        gettext("人数"),
    )


def _by_month(belt: Belt) -> Stacked:
    said, today = names(), localtime.today()

    def point(stage: Stage, count: int, first_on: date, last_on: date) -> Point:
        on = last_on.isoformat() if last_on < today else None
        address = url_for("console.stage_people", stage=stage.value, on=on)
        return Point(month_name(first_on), count, _people(count), href=address)

    return Stacked(
        gettext("月の終わりに、それぞれの段階にいた方"),
        [
            Series(
                said[stage],
                [point(stage, month.on_each[stage], month.first_on, month.last_on) for month in belt.months],
            )
            for stage in ORDER
        ],
        gettext("月"),
    )
