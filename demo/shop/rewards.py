"""Sample rewards: some to spend points on, and a gift for each occasion."""

from bot.db.database import write_transaction
from customers.people.customer import Customer
from rewards.coupons import coupons, reward_list
from rewards.coupons.reward_list import RewardDraft
from rewards.coupons.rules import RewardKind
from rewards.ranks.rules import Rank

DRAFTS = (
    RewardDraft(
        name="ひだまり石けん（ミニ）",
        kind=RewardKind.EXCHANGE,
        value_text="旅行にちょうどいい、30gの石けんを1個",
        value_yen=200,
        points_price=100,
        stock=50,
    ),
    RewardDraft(
        name="送料無料クーポン",
        kind=RewardKind.EXCHANGE,
        value_text="次のご注文の送料が無料になります",
        value_yen=550,
        is_discount=True,
        points_price=300,
    ),
    RewardDraft(
        name="新商品の試作品",
        kind=RewardKind.EXCHANGE,
        value_text="発売前の試作品を、いち早くお試しいただけます",
        value_yen=800,
        points_price=500,
        minimum_rank=Rank.PREMIUM,
        per_customer=1,
    ),
    RewardDraft(
        name="はじめての方の300円引き",
        kind=RewardKind.FIRST_PURCHASE,
        value_text="2回目のご注文が300円引きになります",
        value_yen=300,
        is_discount=True,
        valid_days=60,
    ),
    RewardDraft(
        name="お誕生日の500円引き",
        kind=RewardKind.BIRTHDAY,
        value_text="お誕生日の月のご注文が500円引きになります",
        value_yen=500,
        is_discount=True,
        valid_days=30,
    ),
    RewardDraft(
        name="お礼のハンドクリーム（ミニ）",
        kind=RewardKind.THANK_YOU,
        value_text="次のご注文に、ミニサイズのハンドクリームを添えます",
        value_yen=200,
    ),
)


def switch_on() -> None:
    """Create the rewards in a shop that has none, and give some customers coupons."""
    with write_transaction():
        if not reward_list.all_rewards():
            made = {draft.name: reward_list.make(draft) for draft in DRAFTS}
            _give(made)


def _give(made: dict[str, int]) -> None:
    """Coupons for points, a thank-you coupon, one redeemed and one cancelled."""
    soap, shipping, cream = (made[DRAFTS[number].name] for number in (0, 1, 5))
    regulars = (
        Customer.select(Customer.id).where(Customer.purchase_count >= 2).order_by(Customer.id).limit(12)
    )
    given = []
    for number, each in enumerate(regulars):
        reward_id = (soap, shipping, cream)[number % 3]
        coupon = coupons.issue(each.id, reward_id, Rank.ACTIVE, f"sample:{each.id}").coupon
        given += [coupon] if coupon else []
    for used in given[:3]:
        coupons.redeem(used.code, "staff:1")
    for short in given[3:4]:
        coupons.cancel(short.id, 1, "材料が届かず、お作りできなかったため")
