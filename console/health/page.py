"""The owner's page 動作の確認: each check with its state, a sentence and what to do."""

from collections import Counter

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bot.checks.result import State
from bot.text.two_languages import shown
from console.health import latest
from console.shell.translation import N_, gettext, reads_english

STATES = {
    State.OK: N_("良好"),
    State.WARN: N_("注意"),
    State.FAIL: N_("要修理"),
    State.UNKNOWN: N_("不明"),
}
WORST_FIRST = (State.FAIL, State.WARN, State.UNKNOWN, State.OK)
PAGES = {
    **dict.fromkeys(("line-token", "line-support-token", "webhook-test"), "console.connections"),
    "inbox": "console.failed_jobs",
    "outbox": "console.failed_jobs",
    "quota": "console.messages",
}
"""Where the console shows more of what a check is about."""


def register(console: Blueprint) -> None:
    """Add the page's URLs to the console's blueprint."""
    console.get("/health")(health)
    console.post("/health")(check_again)


def health() -> str:
    """What the checks found last, the worst first."""
    checked = latest.shown()
    language = "en" if reads_english() else "ja"
    counts = Counter(result.state for result in checked.results)
    return render_template(
        "console/health/page.html",
        at=checked.at,
        summary=[(state, gettext(STATES[state]), counts[state]) for state in WORST_FIRST if counts[state]],
        results=[
            {
                "key": result.key,
                "title": shown(result.title, language),
                "state": result.state,
                "state_words": gettext(STATES[result.state]),
                "sentence": shown(result.sentence, language),
                "remedy": shown(result.remedy, language),
                "href": url_for(PAGES[result.key]) if result.key in PAGES else "",
            }
            for result in sorted(checked.results, key=lambda each: WORST_FIRST.index(each.state))
        ],
    )


def check_again() -> Response:
    """Check now."""
    latest.again()
    return redirect(url_for("console.health"), 303)
