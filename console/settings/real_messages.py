"""The messages that several wordings of a section make together, as LINE shows them, of made-up facts."""

from collections.abc import Callable
from datetime import timedelta

from bot import localtime
from bot.config import settings
from bot.config.shop import Section
from bot.line.messages import Message
from console.shell.translation import gettext
from journeys.cards import product_cards
from journeys.cards.product_cards import ShownProduct
from journeys.cards.words import RecommendationWords
from rewards.coupons import messages as coupon_messages
from rewards.coupons.tables import Coupon, Reward
from rewards.coupons.words import CouponWords
from rewards.ledger import messages as point_messages
from rewards.ledger.words import PointWords
from rewards.ranks import messages as rank_messages
from rewards.ranks.rules import Rank
from rewards.ranks.words import RankWords
from rewards.referrals import messages as referral_messages
from rewards.referrals.words import ReferralWords
from surveys.nps import messages as survey_messages
from surveys.nps.words import SurveyWords

SAMPLE_CODE = "K7MP-4XWD-RT35"
"""A code that no coupon and no invitation has."""
POINTS, BALANCE = 20, 320


def _survey() -> list[Message]:
    return [survey_messages.question(0)]


def _points() -> list[Message]:
    return [point_messages.points(BALANCE, ())]


def _ranks() -> list[Message]:
    return [rank_messages.rank_up(Rank.PREMIUM, localtime.today() + timedelta(days=365))]


def _referrals() -> list[Message]:
    return [referral_messages.invitation(SAMPLE_CODE[:8])]


def _coupons() -> list[Message]:
    reward = Reward(name=gettext("500円クーポン"), value_text=gettext("500円クーポン"))
    until = localtime.today() + timedelta(days=30)
    return [coupon_messages.coupon(Coupon(id=0, reward=reward, code=SAMPLE_CODE, valid_until=until))]


def _products() -> list[Message]:
    reason = gettext("（ここに、おひとりずつに合わせた理由が入ります）")
    return [
        product_cards.card(ShownProduct(gettext("ゆず茶"), reason, settings.current().public_url, "", 2_400))
    ]


MESSAGES: dict[type[Section], Callable[[], list[Message]]] = {
    SurveyWords: _survey,
    PointWords: _points,
    RankWords: _ranks,
    ReferralWords: _referrals,
    CouponWords: _coupons,
    RecommendationWords: _products,
}
"""By the section whose words they are. A new one is a line here."""


def of(model: type[Section]) -> list[Message]:
    """The messages of that section's words as the shop has them in force, or as they are considered."""
    make = MESSAGES.get(model)
    return make() if make else []
