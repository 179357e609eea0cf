"""The page on which the owner gives a coupon to a list of customers: how many, what it is worth, whom it leaves out.

It makes a campaign of care with the coupon, which is sent once to each by the rules of unasked messages; the owner
confirms it on the campaign's own page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bot import localtime
from bot.config import shop
from bot.db.database import write_transaction
from console.campaigns import campaign_form, campaign_words
from console.loyalty import rewards
from console.shell import audit
from console.shell.translation import gettext
from customers.people.customer import Customer
from journeys.audience import saved_audiences, selection
from journeys.audience.definition import Audience
from journeys.campaigns import campaigns, forecast
from journeys.campaigns.definition import CampaignDefinition
from journeys.campaigns.forecast import Forecast
from journeys.flows.message_content import MessageContent
from journeys.sending import limits
from journeys.sending.settings import SendingRules
from rewards.coupons import reward_list
from rewards.coupons.reward_list import AboveTheCap
from rewards.coupons.tables import Reward
from support.bad_moments import quiet_period

LONGEST_WORDS = 500
DEFER_DAYS = 14
"""So long it waits for a customer who cannot get it at once."""
NAMED = 30
HIGHEST_ID = 2**31 - 1


def register(console: Blueprint) -> None:
    """Add the URLs of these pages to the console's blueprint."""
    console.get("/rewards/give")(before_giving)
    console.post("/rewards/give")(give_reward)


@dataclass(frozen=True, slots=True)
class Giving:
    """What the address or the form asks for."""

    reward: Reward | None
    audience: Audience | None
    """None where the filter has an error."""
    form: dict[str, str]
    saved_id: int
    words: str


def before_giving() -> str:
    """Choose the coupon, the list and the words; see what it comes to."""
    return _page(_asked(request.args))


def give_reward() -> Response | tuple[str, int]:
    """Make the campaign and go to its confirmation."""
    asked = _asked(request.form)
    wrong = _wrong(asked)
    if wrong or asked.reward is None or asked.audience is None:
        return _page(asked, wrong), 422
    definition = _definition(asked.reward, asked.audience, asked.words)
    with write_transaction():
        audit.note(name=definition.name)
        made = campaigns.create(definition, current_user.id)
    flash(gettext("まだお渡ししていません。下の内容を確かめて、送ってください。"))
    return redirect(url_for("console.before_schedule", campaign_id=made.id), 303)


def givable() -> list[Reward]:
    """Rewards that can be given to a list: active ones that cost no points."""
    return [each for each in reward_list.all_rewards() if each.active and not each.points_price]


def _asked(given: MultiDict[str, str]) -> Giving:
    saved_id = given.get("saved", 0, type=int)
    saved = saved_audiences.find(saved_id) if 0 < saved_id <= HIGHEST_ID else None
    if saved is not None:
        audience: Audience | None = saved_audiences.audience_of(saved)
        form = campaign_form.shown_audience(saved_audiences.audience_of(saved))
    else:
        form = campaign_form.typed_audience(given)
        audience = campaign_form.read_audience(form)[0]
    reward_id = given.get("reward_id", 0, type=int)
    reward = next((each for each in givable() if each.id == reward_id), None)
    words = given.get("words", "").strip()[: LONGEST_WORDS + 1]
    return Giving(reward, audience, form, saved.id if saved is not None else 0, words)


def _page(asked: Giving, wrong: dict[str, str] | None = None) -> str:
    reach, left_out = None, []
    if asked.reward is not None and asked.audience is not None:
        reach = forecast.of(_definition(asked.reward, asked.audience, asked.words))
        left_out = _left_out(asked.audience)
    return render_template(
        "console/reward_give.html",
        asked=asked,
        wrong=wrong or {},
        notes=_notes(asked, reach),
        reach=reach,
        left_out=left_out[:NAMED],
        left_out_count=len(left_out),
        opens_at=_opens_at(),
        defer_days=DEFER_DAYS,
        worth_yen=asked.reward.value_yen * reach.recipient_count if asked.reward and reach else 0,
        sentence=campaign_words.audience(asked.audience) if asked.audience is not None else "",
        givable=givable(),
        saved=saved_audiences.saved(),
        audience_fields=[(path, value) for path, value in asked.form.items() if value],
        longest=LONGEST_WORDS,
    )


def _definition(reward: Reward, audience: Audience, words: str) -> CampaignDefinition:
    """Care and not an offer: also Basic customers get it. Whoever is in a ticket or a bad moment, or got something
    today, gets it later."""
    name = gettext("クーポン「%(name)s」をお渡し", name=reward.name)[:120]
    message = MessageContent.model_validate({"text": words[:LONGEST_WORDS], "coupon": reward.id})
    return CampaignDefinition.model_validate(
        {
            **{"name": name, "class": "care", "message": message, "audience": audience},
            **{"holdout_percent": 0, "when_busy": "defer", "defer_days": DEFER_DAYS},
        }
    )


def _wrong(asked: Giving) -> dict[str, str]:
    found = {}
    if asked.reward is None:
        found["reward_id"] = gettext("お渡しする特典を選んでください。")
    if asked.audience is None:
        found["saved"] = gettext("お渡しする方の条件を確かめてください。")
    if not asked.words:
        found["words"] = gettext("いっしょに送る言葉を書いてください。")
    elif len(asked.words) > LONGEST_WORDS:
        found["words"] = gettext("いっしょに送る言葉は、%(most)d文字までにしてください。", most=LONGEST_WORDS)
    if asked.reward is not None:
        try:
            reward_list.refuse_above_the_cap(asked.reward)
        except AboveTheCap as above:
            found["reward_id"] = rewards.above_the_cap(above)
    return found


def _notes(asked: Giving, reach: Forecast | None) -> list[str]:
    """What the owner should know: too few coupons left, a rank that most do not have."""
    if asked.reward is None or reach is None:
        return []
    found = []
    left = asked.reward.terms().left
    if left is not None and left < reach.recipient_count:
        found.append(
            gettext(
                "残りは%(left)d個です。先に届いた方からお渡しして、なくなったところで終わります。", left=left
            )
        )
    if asked.reward.minimum_rank > 1:
        found.append(gettext("もらえるランクに達していない方には、お渡ししません。"))
    if asked.reward.per_customer is not None:
        found.append(gettext("「おひとり何回まで」に達した方には、お渡ししません。"))
    return found


def _opens_at() -> datetime | None:
    """When the quiet hours end; None outside them."""
    now = localtime.local(localtime.now())
    opens_at = limits.next_open(now, shop.get(SendingRules).limits())
    return opens_at.astimezone(UTC) if opens_at > now else None


def _left_out(audience: Audience) -> list[Customer]:
    """Those of the audience with an open ticket, or in the days after a complaint."""
    troubled = quiet_period.resting_customers()
    ids = [each for each, _ in selection.query(audience).where(Customer.id.in_(troubled)).tuples()]
    return list(Customer.select().where(Customer.id.in_(ids)).order_by(Customer.id)) if ids else []
