"""Page on which the owner creates, stops and restarts rewards; a gift above the legal cap is refused with the
figure."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.config import shop
from bot.db.database import write_transaction
from console.shell.translation import gettext
from rewards.coupons import reward_list
from rewards.coupons.reward_list import AboveTheCap, RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.coupons.settings import CouponRules
from rewards.ranks.rules import Rank

LARGEST = 10_000_000


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/rewards")(rewards)
    console.post("/rewards")(make_reward)
    console.post("/rewards/<int:reward_id>/<any(start, stop):switch>")(switch_reward)


class Unfit(Exception):
    """A field of the form cannot be accepted; the text says which and why."""


def rewards() -> str:
    """Active and stopped rewards, how many coupons were issued, and a form for a new one."""
    return _page()


def make_reward() -> Response | tuple[str, int]:
    """Create a reward."""
    try:
        draft = _draft()
        with write_transaction():
            reward_list.make(draft)
    except Unfit as unfit:
        return _page(str(unfit)), 422
    except AboveTheCap as above:
        return _page(_above(above)), 422
    flash(gettext("「%(name)s」をはじめました。", name=draft.name))
    return redirect(url_for("console.rewards"), 303)


def switch_reward(reward_id: int, switch: str) -> Response | tuple[str, int]:
    """Stop a reward, or restart it. Issued coupons stay valid."""
    try:
        with write_transaction():
            found = reward_list.switch(reward_id, active=switch == "start")
    except AboveTheCap as above:
        return _page(_above(above)), 422
    if not found:
        flash(gettext("その特典は見つかりませんでした。"), "error")
    elif switch == "start":
        flash(gettext("特典を再開しました。"))
    else:
        flash(gettext("特典を止めました。お渡ししたクーポンは、期限まで使えます。"))
    return redirect(url_for("console.rewards"), 303)


def _page(error: str = "") -> str:
    rules = shop.get(CouponRules)
    return render_template(
        "console/rewards.html",
        rewards=reward_list.all_rewards(),
        redeemed=reward_list.redeemed_counts(),
        kinds=[(each.value, kind_in_words(each)) for each in RewardKind],
        kind_in_words=kind_in_words,
        ranks=list(Rank),
        error=error,
        form=request.form,
        smallest_purchase_yen=rules.smallest_purchase_yen,
        cap_yen=rules.cap_yen(),
    )


def kind_in_words(kind: str) -> str:
    """How customers get the reward, in the reader's language."""
    return {
        RewardKind.EXCHANGE: gettext("ポイントと交換"),
        RewardKind.FIRST_PURCHASE: gettext("はじめてのお買い物"),
        RewardKind.RANK: gettext("ランクが上がったとき"),
        RewardKind.BIRTHDAY: gettext("お誕生日"),
        RewardKind.THANK_YOU: gettext("スタッフからのお礼"),
    }[RewardKind(kind)]


def _above(above: AboveTheCap) -> str:
    return gettext(
        "この特典は、景品表示法（総付景品）の上限を超えています。このお買い上げに対しては%(cap)s円までです。"
        "金額を下げるか、自店の値引きなら「自店の商品の値引き」にチェックを入れてください。",
        cap=f"{above.cap_yen:,}",
    )


def _draft() -> RewardDraft:
    kind = request.form.get("kind", "")
    if kind not in set(RewardKind):
        raise Unfit(gettext("種類を選んでください。"))
    starts_on = _day("starts_on", gettext("はじまりの日"))
    ends_on = _day("ends_on", gettext("おわりの日"))
    if starts_on and ends_on and ends_on < starts_on:
        raise Unfit(gettext("おわりの日が、はじまりの日より前になっています。"))
    price = _number("points_price", gettext("必要なポイント"), least=0) or 0
    if kind == RewardKind.EXCHANGE and not price:
        raise Unfit(gettext("ポイントと交換する特典には、必要なポイントを入れてください。"))
    return RewardDraft(
        name=_text("name", gettext("名前"), 40),
        kind=RewardKind(kind),
        value_text=_text("value_text", gettext("内容"), 200),
        value_yen=_number("value_yen", gettext("特典の価値（円）"), least=0, required=True) or 0,
        is_discount=request.form.get("is_discount") == "1",
        points_price=price,
        stock=_number("stock", gettext("用意する数"), least=1),
        per_customer=_number("per_customer", gettext("おひとり何回まで"), least=1),
        starts_on=starts_on,
        ends_on=ends_on,
        minimum_rank=Rank(_number("minimum_rank", gettext("もらえるランク"), least=1, most=4) or 1),
        valid_days=_number("valid_days", gettext("使える日数"), least=1, most=3650) or 90,
    )


def _text(name: str, label: str, longest: int) -> str:
    value = " ".join(request.form.get(name, "").split())
    if not value or len(value) > longest:
        raise Unfit(
            gettext("%(label)sは、1文字から%(longest)d文字で入れてください。", label=label, longest=longest)
        )
    return value


def _number(name: str, label: str, *, least: int, most: int = LARGEST, required: bool = False) -> int | None:
    value = request.form.get(name, "").strip()
    if not value and not required:
        return None
    if not (value.isdecimal() and least <= int(value) <= most):
        raise Unfit(
            gettext(
                "%(label)sは、%(least)dから%(most)dの数字で入れてください。",
                label=label,
                least=least,
                most=most,
            )
        )
    return int(value)


def _day(name: str, label: str) -> date | None:
    value = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise Unfit(gettext("%(label)sが日付になっていません。", label=label)) from None
