"""Serves the privacy policy: what is stored, why, how long by the settings, and what a customer may ask for. It loads
nothing from anybody else."""

from flask import Blueprint, Response, render_template

from bot.backups.settings import BackupRules
from bot.config import settings, shop
from bot.line import messages as line
from bot.web import page_policy, page_style
from customers.privacy.settings import PrivacyContact
from customers.privacy.words import words
from customers.retention.settings import RetentionRules

STYLE = (
    page_style.BASE + "body{line-height:1.8;overflow-wrap:anywhere}"
    "main{max-width:40rem;margin:0 auto;padding:2.5rem 1.25rem 3rem}"
    "h1{font-size:1.5rem;margin:0 0 1rem;text-wrap:balance}"
    "h2{font-size:1.1rem;margin:1.75rem 0 .25rem}p,dl{margin:0 0 .5rem}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.15rem 1rem}dd{margin:0}dt{color:var(--quiet)}"
)
POLICY = page_policy.of(STYLE)
privacy_pages = Blueprint("privacy", __name__, template_folder="templates")


@privacy_pages.get("/privacy")
def privacy() -> Response:
    """The policy, with the shop's own days and contact."""
    config, rules = settings.current(), shop.get(RetentionRules)
    contact = shop.get(PrivacyContact)
    days = [
        ("トークの内容", rules.transcript_days),
        ("写真・ファイル", rules.media_days),
        ("そのほかに届いた知らせ", rules.raw_event_days),
        ("お送りしたメッセージの内容", rules.send_record_days),
    ]
    page = render_template(
        "privacy/privacy.html",
        words=words(),
        shop=config.shop_name,
        style=STYLE,
        days=[(label, in_words(count)) for label, count in days],
        backups=shop.get(BackupRules).stored_count,
        contact=contact,
        chat=line.chat(config.line_basic_id),
    )
    answer = Response(page)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def in_words(days: int) -> str:
    """How long something is stored: whole years as years."""
    if not days:
        return "期限を決めていません"
    years, rest = divmod(days, 365)
    return f"{years}年" if not rest else f"{days}日"
