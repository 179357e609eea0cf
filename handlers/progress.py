"""What an action moved: the rank, and the congratulation a rise deserves, once."""

from bot import line_messages as line
from bot.line_messages import Action, Message
from rewards import rank_cards, standing
from rewards.ranks import NextAction, Step


def rank_messages(customer_id: int) -> list[Message]:
    """Review the customer's rank now; the congratulation if it rose."""
    review = standing.review(customer_id)
    return [rank_cards.rank_up(review.after)] if review.rose else []


def button_for(action: NextAction | None) -> Action | None:
    """The button of a step that rewards know no way to: a testimonial is asked for by the survey's."""
    return line.say("感想を書く") if action is not None and action.kind is Step.TESTIMONIAL else None
