"""The owner's page 「きょう」: what is left to set up, at most five things to do, and the tiles."""

from flask import Blueprint, render_template
from flask_babel import format_date
from flask_login import current_user

from console.shell.translation import gettext
from console.today import counted, line_health, set_up, tiles, to_dos
from console.today.ranking import MOST, ranked


def register(console: Blueprint) -> None:
    """Add the page's URL to the console's blueprint."""
    console.get("/today")(today)


def today() -> str:
    """What an owner opens in the morning."""
    morning = counted.morning()
    found, steps = to_dos.found(morning), set_up.left()
    return render_template(
        "console/today.html",
        morning=morning,
        name=current_user.name,
        day_words=format_date(morning.today, gettext("M月d日(E)"), rebase=False),
        day_of=tiles.day_words,
        line=line_health.shown(),
        needed=[each for each in steps if not each.may_wait],
        may_wait=[each for each in steps if each.may_wait],
        to_dos=ranked(found),
        more_count=max(len(found) - MOST, 0),
        tiles=tiles.of(morning),
        funnel=tiles.funnel(morning) if morning.counted_at else [],
    )
