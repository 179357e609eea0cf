"""What an action moved: the rank, and the congratulation a rise deserves, once, with the coupons it brings."""

from bot.line_messages import Message
from handlers import rich_menus
from rewards import coupon_messages, coupons, messages, standing
from rewards.coupon_rules import RewardKind


def rank_messages(customer_id: int) -> list[Message]:
    """Review the customer's rank now; the congratulation if it rose."""
    review = standing.review(customer_id)
    if not review.rose:
        return []
    rich_menus.follow_rank(customer_id, review.after)
    cause = f"rank:{customer_id}:{review.after.value}"
    gifts = coupons.issue_for_occasion(customer_id, RewardKind.RANK, review.after, cause)
    return [
        messages.rank_up(review.after),
        *coupon_messages.given(gifts, RewardKind.RANK, review.after.ja),
    ]
