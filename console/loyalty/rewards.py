"""Pages on which the owner makes, changes, stops and restarts rewards, with the card on a phone beside the form; a gift
above the legal cap is refused with the figure. What is wrong is named at its field, all of it at once.

Giving a coupon to a list of customers is `giving.py`'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from bot.config import shop
from bot.db.database import write_transaction
from console.auth import staff_accounts
from console.journeys import flow_pages
from console.journeys.flow_preview import ShownStep
from console.loyalty import reward_form, reward_preview
from console.loyalty.reward_form import ReadReward
from console.shell import audit
from console.shell.translation import gettext
from rewards.coupons import reward_list, reward_versions
from rewards.coupons.reward_list import AboveTheCap, FewerThanIssued
from rewards.coupons.rules import RewardKind
from rewards.coupons.settings import CouponRules
from rewards.coupons.tables import Reward
from rewards.ranks.rules import Rank


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/rewards")(rewards)
    console.post("/rewards")(make_reward)
    console.post("/rewards/preview")(preview_reward)
    console.get("/rewards/<int:reward_id>")(reward)
    console.post("/rewards/<int:reward_id>")(change_reward)
    console.post("/rewards/<int:reward_id>/<any(start, stop):switch>")(switch_reward)


@dataclass(slots=True)
class _Shown:
    """What a form shows: what is typed, and the sentence of each field that cannot be taken."""

    form: Mapping[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    error: str = ""


def rewards() -> AnyResponse:
    """Active and stopped rewards, how many coupons were issued, and a form for a new one."""
    return _page(_Shown())


def make_reward() -> AnyResponse:
    """Create a reward; with `do=preview`, show it on the phone and store nothing."""
    read = reward_form.read(request.form)
    if request.form.get("do") == "preview":
        return _page(_Shown(request.form, read.wrong))
    if read.draft is None:
        return _page(_Shown(request.form, read.wrong), 422)
    try:
        with write_transaction():
            audit.note(name=read.draft.name)
            reward_list.make(read.draft, current_user.id)
    except AboveTheCap as above:
        return _page(_Shown(request.form, {"value_yen": above_the_cap(above)}), 422)
    flash(gettext("「%(name)s」をはじめました。", name=read.draft.name))
    return redirect(url_for("console.rewards"), 303)


def preview_reward() -> AnyResponse:
    """The card as the customer will see it, of what is typed; nothing is stored."""
    read = reward_form.read(request.form)
    part = render_template("console/_flow_phone.html", phone=_phone(request.form), phone_faults=_faults(read))
    return flow_pages.with_pictures(part)


def reward(reward_id: int) -> AnyResponse:
    """One reward: its form, what customers see, and its versions."""
    found = _found(reward_id)
    return _reward_page(found, _Shown(reward_form.of_reward(found)))


def change_reward(reward_id: int) -> AnyResponse:
    """Give the reward new terms; coupons that were issued keep theirs."""
    found = _found(reward_id)
    read = reward_form.read(request.form, RewardKind(found.kind))
    if request.form.get("do") == "preview":
        return _reward_page(found, _Shown(request.form, read.wrong))
    if read.draft is None:
        return _reward_page(found, _Shown(request.form, read.wrong), 422)
    seen = request.form.get("seen", "")
    try:
        with write_transaction():
            audit.note(name=read.draft.name)
            number = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
            done = reward_list.change(reward_id, read.draft, number, current_user.id)
    except AboveTheCap as above:
        return _reward_page(found, _Shown(request.form, {"value_yen": above_the_cap(above)}), 422)
    except FewerThanIssued as fewer:
        sentence = gettext(
            "もう%(count)d枚お渡ししているので、それより少なくはできません。", count=fewer.issued_count
        )
        return _reward_page(found, _Shown(request.form, {"stock": sentence}), 422)
    if not done:
        error = gettext(
            "ほかの人が先に変更しました。ここに書いた内容は残っています。"
            "もう一度保存すると、ここに書いた内容になります。"
        )
        return _reward_page(_found(reward_id), _Shown(request.form, {}, error), 422)
    flash(
        gettext("「%(name)s」を変えました。お渡ししたクーポンは、前の内容のままです。", name=read.draft.name)
    )
    return redirect(url_for("console.reward", reward_id=reward_id), 303)


def switch_reward(reward_id: int, switch: str) -> AnyResponse:
    """Stop a reward, or restart it. Issued coupons stay valid."""
    try:
        with write_transaction():
            found = reward_list.switch(reward_id, active=switch == "start")
    except AboveTheCap as above:
        return _page(_Shown(error=above_the_cap(above)), 422)
    if not found:
        flash(gettext("その特典は見つかりませんでした。"), "error")
    elif switch == "start":
        flash(gettext("特典を再開しました。"))
    else:
        flash(gettext("特典を止めました。お渡ししたクーポンは、期限まで使えます。"))
    return redirect(url_for("console.rewards"), 303)


def kind_in_words(kind: str) -> str:
    """How customers get the reward, in the reader's language."""
    return reward_form.kind_in_words(kind)


def above_the_cap(above: AboveTheCap) -> str:
    """The sentence for a gift above the legal cap, with what to change."""
    return gettext(
        "この特典は、景品表示法（総付景品）の上限を超えています。このお買い上げに対しては%(cap)s円までです。"
        "金額を下げるか、自店の値引きなら「自店の商品の値引き」にチェックを入れてください。",
        cap=f"{above.cap_yen:,}",
    )


def _page(shown: _Shown, status: int = 200) -> AnyResponse:
    page = render_template(
        "console/rewards.html",
        rewards=reward_list.all_rewards(),
        redeemed=reward_list.redeemed_counts(),
        **_form_values(shown),
    )
    return flow_pages.with_pictures(page, status)


def _reward_page(found: Reward, shown: _Shown, status: int = 200) -> AnyResponse:
    page = render_template(
        "console/reward.html",
        reward=found,
        redeemed=reward_list.redeemed_counts().get(found.id, 0),
        versions=reward_versions.history(found.id),
        field_in_words=reward_form.field_in_words,
        names=staff_accounts.names(),
        **_form_values(shown),
    )
    return flow_pages.with_pictures(page, status)


def _form_values(shown: _Shown) -> dict[str, object]:
    rules = shop.get(CouponRules)
    return {
        "kinds": [(each.value, kind_in_words(each)) for each in RewardKind],
        "kind_in_words": kind_in_words,
        "ranks": list(Rank),
        "shown": shown,
        "form": shown.form,
        "wrong": shown.wrong,
        "phone": _phone(shown.form),
        "phone_faults": [],
        "smallest_purchase_yen": rules.smallest_purchase_yen,
        "cap_yen": rules.cap_yen(),
        "fields": reward_form.FIELDS,
        "field_label": reward_form.field_in_words,
    }


def _phone(form: Mapping[str, str]) -> list[ShownStep]:
    return [ShownStep(gettext("特典"), reward_preview.messages(form))]


def _faults(read: ReadReward) -> list[str]:
    return [sentence for name, sentence in read.wrong.items() if request.form.get(name)]


def _found(reward_id: int) -> Reward:
    return Reward.get_or_none(Reward.id == reward_id) or abort(404)
