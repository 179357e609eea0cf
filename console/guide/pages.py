"""The owner's guide through set-up once Goen runs, a page for each step. Every step can be done in any order, and what
is left stays on 「きょう」 (`console/today/set_up.py`)."""

import base64
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bot import facts, shop_versions
from bot.config import settings, shop
from bot.config.shop_faults import ShopFileError
from bot.db.database import write_transaction
from bot.queue import menu_publishing
from console.auth import second_factor
from console.guide import question
from console.shell import audit
from console.shell.translation import gettext
from customers.orders.tables import Purchase
from rewards.drawing import qr
from support.faq import entries, file, overview
from support.faq.entries import ChangedMeanwhile
from support.hours.business_hours import WEEKDAYS
from support.hours.settings import BusinessHours

IMPORTS = "/console/imports"
"""Where a CSV of orders is dropped."""
HOURS_SET = "hours-confirmed"
CONFIRMED = ("greeting", "redelivery")
"""What LINE's API does not say, so that the owner says it."""


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step of the guide."""

    title: str
    why: str
    href: str
    is_done: bool


def register(console: Blueprint) -> None:
    """Add the guide's URLs to the console's blueprint."""
    console.get("/set-up")(set_up_guide)
    console.route("/set-up/answers", methods=["GET", "POST"])(set_up_answers)
    console.route("/set-up/hours", methods=["GET", "POST"])(set_up_hours)
    console.route("/set-up/menus", methods=["GET", "POST"])(set_up_menus)
    console.get("/set-up/orders")(set_up_orders)
    console.route("/set-up/question", methods=["GET", "POST"])(set_up_question)
    console.post("/set-up/confirm/<what>")(confirm_of_line)


def set_up_guide() -> str:
    """All steps, with what is done."""
    return render_template("console/guide/overview.html", steps=steps())


def steps() -> list[GuideStep]:
    """The steps in their order."""
    return [
        GuideStep(
            gettext("2段階認証"),
            gettext("パスワードを知られても、あなたの電話がなければ誰も入れなくなります（おすすめ）。"),
            url_for("console.account"),
            second_factor.is_on(current_user),
        ),
        GuideStep(
            gettext("ご注文の受け取り"),
            gettext("お買い物のお礼、発送のお知らせ、ポイントのもとになります。"),
            url_for("console.set_up_orders"),
            bool(Purchase.select().exists()),
        ),
        GuideStep(
            gettext("お店の答え"),
            gettext("送料や返品など、お店にしか書けない10の答えです。"),
            url_for("console.set_up_answers"),
            overview.answers_left_count() == 0,
        ),
        GuideStep(
            gettext("お返事する時間"),
            gettext("スタッフがいる時間です。ほかの時間には「いつからお返事するか」をお伝えします。"),
            url_for("console.set_up_hours"),
            facts.get(HOURS_SET) is not None,
        ),
        GuideStep(
            gettext("トーク画面のメニュー"),
            gettext("お客様のトーク画面の下に出る、ランクごとのメニューです。"),
            url_for("console.set_up_menus"),
            menu_publishing.is_published(),
        ),
        GuideStep(
            gettext("自分に質問を送ってみる"),
            gettext("お客様に届くのと同じ質問を、ご自分のLINEで受け取って答えます。"),
            url_for("console.set_up_question"),
            question.is_answered(),
        ),
    ]


def set_up_orders() -> str:
    """How orders come in, with links to where each way is set up."""
    config = settings.current()
    return render_template(
        "console/guide/orders.html",
        has_shopify=config.shopify_webhook_secret is not None,
        shopify_webhook=f"{config.public_url}/webhooks/shopify",
        has_order=bool(Purchase.select().exists()),
        imports_address=IMPORTS
        if any(rule.rule == IMPORTS for rule in current_app.url_map.iter_rules())
        else "",
    )


def set_up_answers() -> Response | str | tuple[str, int]:
    """The answers that every shop must word itself, all on one page."""
    if request.method == "GET":
        return _answers_page({}, {})
    written = {
        each.id: file.as_written(request.form.get(f"answer-{each.id}", ""))
        for each, _ in overview.answers_to_word()
    }
    faults = {
        entry_id: wrong
        for entry_id, answer in written.items()
        if (wrong := file.complaint("？", answer, (), ()))
    }
    if faults:
        return _answers_page(written, faults), 422
    try:
        with write_transaction():
            count = _save_answers(written)
            audit.note(count=count)
    except ChangedMeanwhile:
        flash(
            gettext("ほかの人が先に変更しました。新しい文を確かめてから、もう一度お試しください。"), "error"
        )
        return redirect(url_for("console.set_up_answers"), 303)
    flash(gettext("保存しました。お客様への答えは、いまからこの文になります。"))
    return redirect(url_for("console.set_up_guide"), 303)


def _save_answers(written: dict[int, str]) -> int:
    """Store the shop's wording, and which shipped answers hold; how many were changed."""
    count = 0
    for each, _ in overview.answers_to_word():
        answer, seen = written[each.id], request.form.get(f"revision-{each.id}", type=int)
        content = replace(each.content, answer=answer)
        if entries.change(each.id, content, current_user.id, seen=seen):
            count += 1
        elif request.form.get(f"fine-{each.id}"):
            overview.confirm_answer(each.id)
    return count


def _answers_page(written: dict[int, str], faults: dict[int, str]) -> str:
    return render_template(
        "console/guide/answers.html",
        entries=overview.answers_to_word(),
        written=written,
        faults=faults,
        longest=file.LONGEST_ANSWER,
        fine=set(request.form),
    )


def set_up_hours() -> Response | str | tuple[str, int]:
    """On which days and when staff answer."""
    in_force = shop.get(BusinessHours)
    if request.method == "GET" or shop_versions.is_stored_in_file():
        return _hours_page(in_force.model_dump())
    form = request.form
    values = {
        "weekdays": "".join(each for each in WEEKDAYS if each in form.getlist("weekday")),
        "opens": form.get("opens", ""),
        "closes": form.get("closes", ""),
        "closed_on_public_holidays": bool(form.get("closed_on_public_holidays")),
    }
    fault = _hours_fault(values)
    if not fault:
        try:
            with write_transaction():
                shop_versions.change({"support.hours": values}, current_user.id)
                facts.keep(HOURS_SET, value=True)
                audit.note(**{name: str(value) for name, value in values.items()})
        except ShopFileError as unfit:
            fault = str(unfit)
    if fault:
        return _hours_page(values, fault), 422
    flash(gettext("お返事する時間を保存しました。"))
    return redirect(url_for("console.set_up_guide"), 303)


def _hours_fault(values: dict[str, object]) -> str:
    if not values["weekdays"]:
        return gettext("お返事する曜日を、1つ以上選んでください。")
    if str(values["closes"]) <= str(values["opens"]):
        return gettext("おわりの時刻は、はじまりより後にしてください（例: 10:00 から 17:00）。")
    return ""


def _hours_page(values: dict[str, object], fault: str = "") -> str:
    return render_template(
        "console/guide/hours.html",
        values=values,
        weekdays=dict(zip(WEEKDAYS, _weekday_names(), strict=True)),
        fault=fault,
        is_in_file=shop_versions.is_stored_in_file(),
    )


def _weekday_names() -> list[str]:
    return [
        *(gettext("月曜"), gettext("火曜"), gettext("水曜"), gettext("木曜")),
        *(gettext("金曜"), gettext("土曜"), gettext("日曜")),
    ]


def set_up_menus() -> Response | str:
    """The menus at the foot of the chat: published by the clock, with how far that is."""
    if request.method == "POST":
        menu_publishing.ask()
        return redirect(url_for("console.set_up_menus"), 303)
    return render_template("console/guide/menus.html", state=menu_publishing.state())


def set_up_question() -> Response | str:
    """The account's QR code, its newest friends, and what became of the question sent to one of them."""
    if request.method == "POST":
        if not question.send(request.form.get("customer", 0, type=int)):
            flash(gettext("その方には、いま送れません。友だち追加を確かめてください。"), "error")
        return redirect(url_for("console.set_up_question"), 303)
    link = f"https://line.me/R/ti/p/{quote(settings.current().line_basic_id)}"
    return render_template(
        "console/guide/question.html",
        link=link,
        qr=base64.b64encode(qr.png(link, 360)).decode(),
        friends=question.friends(),
        sent=question.sent(),
    )


def confirm_of_line(what: str) -> Response:
    """Record what the owner saw in LINE's own pages, which LINE's API does not say."""
    if what not in CONFIRMED:
        abort(404)
    with write_transaction():
        facts.keep(f"confirmed:{what}", value=True)
    flash(gettext("確かめたことにしました。"))
    return redirect(url_for("console.today"), 303)
