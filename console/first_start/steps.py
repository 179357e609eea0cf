"""The steps of the set-up page: what each asks, how it is checked, and what follows.

Every answer is a POST that redirects to the next step, or shows the same step again with what is wrong. A secret
that was saved is never part of a page again, except where a platform's settings are to be copied.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3
from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.config import first_start
from bot.config.setting_kinds import LOOPBACK_HOSTS
from bot.line import channel_check
from bot.line.channel_check import Access, BotInfo, Fault, Webhook
from console.auth import first_owner
from console.first_start import line_checks, shop_checks
from console.first_start.answers import LATER, TRIED, Answers, StepName
from console.first_start.restore import Restoration, State
from console.first_start.shop_checks import Reached
from console.shell.translation import gettext

Page = Response | str | tuple[str, int]
LINE_ITSELF = "https://api.line.me"
LARGEST_PICTURE_BYTES = 500_000
ORDERS = ("shopify", "api", "csv", "later")


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step in the list at the top of the page."""

    name: str
    title: str
    is_done: bool
    may_open: bool


class Steps:
    """The pages of the steps, over one set of answers."""

    def __init__(self, answers: Answers, restoration: Restoration, process_id: str) -> None:
        self.process_id = process_id
        self._answers = answers
        self._restoration = restoration
        self._info: BotInfo | None = None
        self._picture = ""

    def register(self, page: Blueprint) -> None:
        """Add the steps' URLs."""
        page.get("/", endpoint="begin")(self.begin)
        page.route("/shop", methods=["GET", "POST"], endpoint="shop")(self.shop)
        page.route("/line", methods=["GET", "POST"], endpoint="line")(self.line)
        page.route("/webhook", methods=["GET", "POST"], endpoint="webhook")(self.webhook)
        page.route("/orders", methods=["GET", "POST"], endpoint="orders")(self.orders)
        page.route("/finish", methods=["GET", "POST"], endpoint="finish")(self.finish)

    def overview(self) -> list[StepShown]:
        """The steps with their titles, and which are done."""
        titles = {
            StepName.SHOP: gettext("お店の名前とアドレス"),
            StepName.LINE: gettext("LINEの鍵"),
            StepName.WEBHOOK: gettext("LINEからの知らせ"),
            StepName.ORDERS: gettext("ご注文の受け取り"),
            StepName.FINISH: gettext("はじめる"),
        }
        at = list(StepName).index(self._answers.next_step())
        return [
            StepShown(step, titles[step], is_done=n < at, may_open=n <= at) for n, step in enumerate(StepName)
        ]

    def is_open_to_readers(self) -> bool:
        """Whether what is typed here crosses a network without encryption."""
        is_local = (urlsplit(f"http://{request.host}").hostname or "") in LOOPBACK_HOSTS
        by_proxy = request.headers.get("X-Forwarded-Proto", "").lower() == "https"
        return not (request.is_secure or is_local or by_proxy)

    def begin(self) -> Response:
        """Where set-up goes on."""
        return self._go(self._answers.next_step())

    def shop(self) -> Page:
        """The shop's name, and the address under which it is reached."""
        if request.method == "GET":
            return self._shop_page(self._answers.get("SHOP_NAME"), self._suggested_address())
        name = request.form.get("name", "").strip()
        given = request.form.get("address", "")
        fault = shop_checks.name_fault(name)
        address = shop_checks.read_address(given, line_is_here=self._line_is_here())
        if fault or address.fault:
            return self._shop_page(name, given, name_fault=fault, address_fault=address.fault), 422
        reached = shop_checks.reached(address.value, self.process_id)
        if reached is not Reached.THIS and request.form.get("anyway") != address.value:
            warning = shop_checks.in_words(reached, address.value)
            return self._shop_page(name, address.value, warning=warning), 422
        behind_proxy = "1" if request.headers.get("X-Forwarded-For") else None
        changes = {"SHOP_NAME": name, "PUBLIC_URL": address.value, first_start.WEBHOOK: None}
        if behind_proxy and not self._answers.get("TRUSTED_PROXY_COUNT"):
            changes["TRUSTED_PROXY_COUNT"] = behind_proxy
        if not self._save(changes):
            return self._shop_page(name, address.value, address_fault=_cannot_write()), 500
        return self._go(self._answers.next_step())

    def line(self) -> Page:
        """The channel's secret and token; LINE says whose they are."""
        if not self._answers.may_open(StepName.LINE):
            return self.begin()
        if request.method == "GET":
            return self._line_page()
        # An empty field stands for the value that was saved before, which the page does not show.
        secret = request.form.get("secret", "").strip() or self._answers.get("LINE_CHANNEL_SECRET")
        token = request.form.get("token", "").strip() or self._answers.get("LINE_CHANNEL_ACCESS_TOKEN")
        secret_fault, token_fault = line_checks.secret_fault(secret), line_checks.token_fault(token)
        if secret_fault or token_fault:
            return self._line_page(secret_fault=secret_fault, token_fault=token_fault), 422
        info = channel_check.bot_info(self._access(token))
        if isinstance(info, Fault):
            return self._line_page(token_fault=line_checks.fault_in_words(info)), 422
        changes = {
            "LINE_CHANNEL_SECRET": secret,
            "LINE_CHANNEL_ACCESS_TOKEN": token,
            "LINE_BASIC_ID": info.basic_id,
            first_start.WEBHOOK: None,
        }
        if not self._save(changes):
            return self._line_page(token_fault=_cannot_write()), 500
        self._info, self._picture = info, _picture(info)
        return self._go(StepName.WEBHOOK)

    def webhook(self) -> Page:
        """LINE gets the address of the webhook, and tries it."""
        if not self._answers.may_open(StepName.WEBHOOK):
            return self.begin()
        access = self._access(self._answers.get("LINE_CHANNEL_ACCESS_TOKEN"))
        if self._info is None:
            info = channel_check.bot_info(access)
            if isinstance(info, BotInfo):
                self._info, self._picture = info, _picture(info)
        if request.method == "GET":
            return self._webhook_page()
        if request.form.get("later"):
            return self._webhook_done(LATER)
        fault = self._set_and_try(access)
        if fault:
            return self._webhook_page(fault=fault), 422
        found = channel_check.webhook(access)
        if isinstance(found, Webhook) and not found.active:
            return self._webhook_page(is_off=True), 422
        return self._webhook_done(TRIED)

    def orders(self) -> Page:
        """Where orders come from. Shopify's secret is a setting, so it is asked here; the rest is in the console."""
        if not self._answers.may_open(StepName.ORDERS):
            return self.begin()
        chosen = request.form.get("orders", "")
        if request.method == "GET":
            return self._orders_page(self._answers.get(first_start.ORDERS))
        if chosen not in ORDERS:
            return self._orders_page(chosen, fault=gettext("どれか1つを選んでください。")), 422
        secret = request.form.get("shopify", "").strip() or self._answers.get("SHOPIFY_WEBHOOK_SECRET")
        if chosen == "shopify" and (fault := line_checks.shopify_fault(secret)):
            return self._orders_page(chosen, fault=fault), 422
        changes = {
            first_start.ORDERS: chosen,
            "SHOPIFY_WEBHOOK_SECRET": secret if chosen == "shopify" else None,
        }
        if not self._save(changes):
            return self._orders_page(chosen, fault=_cannot_write()), 500
        return self._go(StepName.FINISH)

    def finish(self) -> Page:
        """The end: the product starts, or the platform's settings are shown to be copied. Not while a backup is being
        put back."""
        if self._restoration.shown().state is State.WORKING:
            return redirect(url_for("set_up.restore"), 303)
        if not self._answers.may_open(StepName.FINISH):
            return self.begin()
        if request.method == "GET":
            return self._finish_page()
        try:
            self._answers.complete()
            if self._answers.is_stored:
                starting = self._starting_page()
                self._answers.end()
                return starting
        except OSError:
            return self._finish_page(fault=_cannot_write()), 500
        return self._finish_page(variables=self._answers.variables(), next_address=self._next_address())

    def _set_and_try(self, access: Access) -> str:
        """Set LINE's webhook and have it tried; what went wrong in words, empty when it worked."""
        address = self._answers.get("PUBLIC_URL") + "/callback"
        fault = channel_check.set_webhook(access, address)
        if fault is not None:
            return line_checks.fault_in_words(fault)
        tried = channel_check.test_webhook(access, address)
        if isinstance(tried, Fault):
            return line_checks.fault_in_words(tried)
        return line_checks.test_in_words(tried, address)

    def _webhook_done(self, how: str) -> Page:
        if not self._save({first_start.WEBHOOK: how}):
            return self._webhook_page(fault=_cannot_write()), 500
        return self._go(self._answers.next_step())

    def _save(self, changes: Mapping[str, str | None]) -> bool:
        try:
            self._answers.save(**changes)
        except (OSError, ValueError):
            return False
        return True

    def _access(self, token: str) -> Access:
        return Access(token, self._answers.get("LINE_API_URL") or LINE_ITSELF)

    def _line_is_here(self) -> bool:
        return (self._answers.get("LINE_API_URL") or LINE_ITSELF) != LINE_ITSELF

    def _suggested_address(self) -> str:
        """What was answered before, else the address by which the person came here, when that is an https one."""
        known = self._answers.get("PUBLIC_URL")
        if known.partition("://")[2]:
            return known
        is_secure = request.is_secure or request.headers.get("X-Forwarded-Proto", "") == "https"
        return f"https://{request.host}" if is_secure else ""

    def _next_address(self) -> str:
        if self._answers.get(first_start.RESTORED):
            return "/console/sign-in"
        return first_owner.path(self._answers.get("SECRET_KEY"))

    def _go(self, step: StepName) -> Response:
        return redirect(url_for(f"set_up.{step}"), 303)

    def _shop_page(self, name: str, address: str, **what: str) -> str:
        return render_template(
            "console/first_start/shop.html", here=StepName.SHOP, name=name, address=address, **what
        )

    def _line_page(self, **faults: str) -> str:
        has = all(self._answers.get(name) for name in first_start.GIVEN_BY_HAND)
        return render_template("console/first_start/line.html", here=StepName.LINE, is_saved=has, **faults)

    def _webhook_page(self, *, fault: str = "", is_off: bool = False) -> str:
        return render_template(
            "console/first_start/webhook.html",
            here=StepName.WEBHOOK,
            address=self._answers.get("PUBLIC_URL") + "/callback",
            info=self._info,
            picture=self._picture,
            fault=fault,
            is_off=is_off,
        )

    def _orders_page(self, chosen: str, *, fault: str = "") -> str:
        return render_template(
            "console/first_start/orders.html",
            here=StepName.ORDERS,
            chosen=chosen,
            fault=fault,
            is_saved=bool(self._answers.get("SHOPIFY_WEBHOOK_SECRET")),
            webhook=self._answers.get("PUBLIC_URL") + "/webhooks/shopify",
        )

    def _finish_page(self, **what: object) -> str:
        return render_template(
            "console/first_start/finish.html",
            here=StepName.FINISH,
            shop_name=self._answers.get("SHOP_NAME"),
            info=self._info,
            is_later=self._answers.get(first_start.WEBHOOK) == LATER,
            has_database=bool(self._answers.get("DATABASE_URL")),
            **what,
        )

    def _starting_page(self) -> str:
        return render_template("console/first_start/starting.html", next_address=self._next_address())


def _picture(info: BotInfo) -> str:
    """The account's picture as a data: URL, since pages load nothing from elsewhere; empty without one."""
    if info.picture_url is None:
        return ""
    try:
        answer = urllib3.request("GET", info.picture_url, timeout=3, retries=False, preload_content=False)
        data = answer.read(LARGEST_PICTURE_BYTES) if answer.status == 200 else b""
        answer.release_conn()
    except (urllib3.exceptions.HTTPError, ValueError):
        return ""
    for begins, kind in ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg")):
        if data.startswith(begins):
            return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return ""


def _cannot_write() -> str:
    return gettext(
        "ファイル .env に書けませんでした。フォルダーに書きこめるか、ディスクに空きがあるかを確かめてください。"
    )
