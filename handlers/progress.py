"""What an action changes beyond points: the rank with its congratulation, coupons and rich menu; the next
step to a higher rank; a late birthday greeting.

Shared by several handlers; registers no route.
"""

from datetime import datetime

from bot import localtime
from bot.config import shop
from bot.line import messages as line
from bot.line.messages import Action, Message
from customers.people import customer as customers
from customers.people.customer import Customer
from handlers import flow_triggers, rich_menus
from journeys.flows.field_types import RANKS
from journeys.flows.occurrences import Occurrence, On
from rewards.coupons import coupons
from rewards.coupons import messages as coupon_messages
from rewards.coupons.rules import RewardKind
from rewards.coupons.words import words
from rewards.ledger import ledger
from rewards.ledger.actions import Action as EarnedBy
from rewards.ledger.entries import LedgerEntry
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank, notifications
from rewards.ranks import messages as rank_cards
from rewards.ranks.rules import NextAction, Possible, Rank, Step
from support.bad_moments import quiet_period
from surveys.nps import answers
from surveys.nps.answers import SurveyAnswer


def rank_messages(customer_id: int) -> list[Message]:
    """Review the customer's rank now; the messages about a rise, if it rose. While a ticket is open, and in the
    quiet period after a complaint, they are postponed, whoever asked."""
    review = customer_rank.review(customer_id)
    if not review.rose:
        return []
    if quiet_period.is_resting(customer_id):
        notifications.postpone_rise(customer_id, review.after)
        return []
    return risen(customer_id, review.after)


def store_comment(
    customer_id: int, answer_id: int, words: str
) -> tuple[SurveyAnswer, LedgerEntry | None] | None:
    """Store the words beside a score and credit their points, once; a complaint earns as much as praise. The
    answer and what it earned; None when the answer belongs to another customer."""
    answer = answers.add_comment(customer_id, answer_id, words)
    if answer is None:
        return None
    points = shop.get(PointRules).comment
    return answer, ledger.earn(customer_id, EarnedBy.COMMENT, points, f"survey-comment:{answer.id}")


def risen(customer_id: int, rank: Rank) -> list[Message]:
    """The congratulation on a new rank and its coupons, once each; switches the rich menu."""
    rich_menus.follow_rank(customer_id, rank)
    gifts = coupons.issue_for_occasion(customer_id, RewardKind.RANK, rank, rise_cause(customer_id, rank))
    reached = Occurrence(On.RANK, rise_cause(customer_id, rank), rank=RANKS[rank - 1])
    flow_triggers.note_by_id(customer_id, reached)
    flow_triggers.note_coupons(customer_id, gifts)
    held = customer_rank.of_customer(customer_id)
    card = rank_cards.rank_up(rank, held.held_until if held else None)
    return [card, *coupon_messages.given(gifts, RewardKind.RANK, rank.ja)]


def undo_rise(customer_id: int) -> list[str]:
    """After an order was reversed, undo the rises that it alone had caused; the causes of their coupons."""
    review = customer_rank.review_after_refund(customer_id)
    return [rise_cause(customer_id, rank) for rank in Rank if review.after < rank <= (review.before or 0)]


def rise_cause(customer_id: int, rank: Rank) -> str:
    """The cause under which the coupons for a rise to that rank are issued."""
    return f"rank:{customer_id}:{rank.value}"


def possible_steps(customer_id: int) -> Possible:
    """How often the customer can take each step until an offer made today ends, within the shop's limits: a
    closed survey and comments that would earn nothing do not count. Locks the customer's points."""
    may = answers.may_still(customer_id)
    return {
        Step.SURVEY_ANSWER: min(may.answer_count, ledger.would_earn(customer_id, EarnedBy.SURVEY_ANSWER, 1)),
        Step.OPINION: min(may.comment_count, ledger.would_earn(customer_id, EarnedBy.COMMENT, 1)),
        Step.REPLY_DAY: customer_rank.OFFER_LASTS.days,
    }


def button_for(action: NextAction | None) -> Action | None:
    """The button of a step that rewards cannot make themselves: a testimonial is requested by the survey."""
    return line.say("感想を書く") if action is not None and action.kind is Step.TESTIMONIAL else None


def late_birthday_greeting(customer: Customer, since: datetime) -> list[Message]:
    """The greeting for a birthday after `since`, when none could be sent at the time."""
    today = localtime.today()
    causes = [f"birthday:{customer.id}:{year}" for year in (today.year, today.year - 1)]
    entry = next(filter(None, map(ledger.entry_of, causes)), None)
    if entry is None or entry.occurred_at <= since or not customers.can_be_pushed(customer):
        return []
    return [line.text(words().birthday_late)]
