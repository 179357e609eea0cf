"""Serves the page at the server's address itself, its icon, and the page for addresses that lead nowhere.

Whether there are testimonials to link to is the surveys'; it is passed in.
"""

from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, send_file, url_for

from bot.config import settings
from bot.line import messages as line
from rewards.drawing import qr, shop_logo
from rewards.pages.home_words import words
from rewards.pages.public import CACHE_SECONDS, STYLE, page

ICON = Path(__file__).resolve().parent / "favicon.ico"
PRIVACY = "/privacy"
DAY_SECONDS = 24 * 3600


def pages(has_testimonials: Callable[[], bool]) -> Blueprint:
    """The blueprint of these pages."""
    made = Blueprint("home", __name__, template_folder="templates")

    @made.get("/")
    def front() -> Response:
        """Who this is, and how to become a friend."""
        say_it, config = words(), settings.current()
        content = render_template(
            "rewards/home.html",
            style=STYLE,
            words=say_it,
            title=say_it.title.format(shop=config.shop_name),
            lead=say_it.lead,
            chat=line.chat(config.line_basic_id),
            qr=url_for("home.friend_qr"),
            testimonials=url_for("voices.testimonials") if has_testimonials() else "",
            privacy=PRIVACY if _has_privacy_page() else "",
        )
        answer = page(content, 200)
        del answer.headers["X-Robots-Tag"]  # the one page that may be found by searching for the shop
        return answer

    made.get("/friend.png")(friend_qr)
    made.get("/favicon.ico")(icon)
    return made


def friend_qr() -> Response:
    """The QR image that adds the shop as a friend."""
    address = line.chat(settings.current().line_basic_id)
    answer = Response(qr.png(address, logo=shop_logo.logo()), mimetype="image/png")
    answer.headers["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def icon() -> Response:
    """The icon that browsers ask every server for."""
    answer = send_file(ICON, mimetype="image/x-icon", max_age=CACHE_SECONDS)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def not_found() -> Response:
    """The page for an address that leads nowhere, in both languages."""
    say_it, config = words(), settings.current()
    content = render_template(
        "rewards/not_found.html",
        style=STYLE,
        words=say_it,
        title=say_it.not_found_title,
        lead=say_it.not_found,
        chat=line.chat(config.line_basic_id),
    )
    return page(content, 404)


def _has_privacy_page() -> bool:
    return any(rule.rule == PRIVACY for rule in current_app.url_map.iter_rules())
