"""The sample shop's rewards: something to spend points on, and a gift for each occasion."""

from bot.database import write_transaction
from rewards import reward_list
from rewards.coupon_rules import RewardKind
from rewards.ranks import Rank
from rewards.reward_list import Draft

DRAFTS = (
    Draft(
        name="ひだまり石けん（ミニ）",
        kind=RewardKind.EXCHANGE,
        value_text="旅行にちょうどいい、30gの石けんを1個",
        value_yen=200,
        points_price=100,
        stock=50,
    ),
    Draft(
        name="送料無料クーポン",
        kind=RewardKind.EXCHANGE,
        value_text="次のご注文の送料が無料になります",
        value_yen=550,
        is_discount=True,
        points_price=300,
    ),
    Draft(
        name="新商品の試作品",
        kind=RewardKind.EXCHANGE,
        value_text="発売前の試作品を、いち早くお試しいただけます",
        value_yen=800,
        points_price=500,
        minimum_rank=Rank.PREMIUM,
        per_customer=1,
    ),
    Draft(
        name="はじめての方の300円引き",
        kind=RewardKind.FIRST_PURCHASE,
        value_text="2回目のご注文が300円引きになります",
        value_yen=300,
        is_discount=True,
        valid_days=60,
    ),
    Draft(
        name="お誕生日の500円引き",
        kind=RewardKind.BIRTHDAY,
        value_text="お誕生日の月のご注文が500円引きになります",
        value_yen=500,
        is_discount=True,
        valid_days=30,
    ),
    Draft(
        name="お礼のハンドクリーム（ミニ）",
        kind=RewardKind.THANK_YOU,
        value_text="次のご注文に、ミニサイズのハンドクリームを添えます",
        value_yen=200,
    ),
)


def switch_on() -> None:
    """Let them run, in a shop that has none."""
    with write_transaction():
        if not reward_list.all_rewards():
            for draft in DRAFTS:
                reward_list.make(draft)
