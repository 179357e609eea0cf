"""What an action moved: the rank, and the congratulation a rise deserves, once."""

from bot.line_messages import Message
from rewards import messages, standing


def rank_messages(customer_id: int) -> list[Message]:
    """Review the customer's rank now; the congratulation if it rose."""
    review = standing.review(customer_id)
    return [messages.rank_up(review.after)] if review.rose else []
