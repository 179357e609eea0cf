"""Answers the survey: the customer asks for the question, or taps or writes a score.

When the question is due is in `survey_due.py`, the comment after a score in `comments.py`, storage in
`surveys/nps/answers.py`.
"""

from datetime import timedelta

from bot import conversations, localtime
from bot.config import shop
from bot.line.messages import Message
from bot.routing.events import Event, PostbackReceived, TextReceived
from bot.routing.routes import Answer, Routes
from customers.people.customer import Customer
from handlers import bad_moments, comments, exchanges, flow_triggers, replies
from handlers.event_customer import record_activity
from handlers.progress import rank_messages, store_comment
from handlers.tickets import staff_asked_for
from journeys.flows.occurrences import Occurrence, On
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.referrals import messages as referral_messages
from rewards.referrals import referrals
from support.faq import messages as faq_messages
from support.listening import COURTESIES, Heard, MessageKind, hear
from support.tickets import low_score_cases, tickets
from surveys.nps import answers, invitations
from surveys.nps import messages as survey_messages
from surveys.nps.answers import Tap
from surveys.nps.segments import Segment, is_score
from surveys.nps.settings import SurveyRules
from surveys.nps.words import words
from surveys.nps.written_scores import written
from surveys.testimonials import messages as testimonial_messages

routes = Routes()


@routes.on_text("アンケート", "あんけーと", "survey")
@routes.on_postback("nps.ask")
def survey_asked_for(event: TextReceived | PostbackReceived) -> Answer:
    """The customer asks for the survey. An unanswered question is sent again; one answered lately is not repeated."""
    customer = record_activity(event)
    rules = shop.get(SurveyRules)
    newest, answer = invitations.latest_of(customer.id), answers.latest_of(customer.id)
    if event.exchange and event.exchange.kind == exchanges.CSAT_COMMENT:
        conversations.stop_waiting(event.conversation_id)  # one question at a time
    if newest and not (answer and answer.invitation_id == newest.id):
        return [survey_messages.question(newest.id)]
    if newest and answer:
        age = localtime.now() - answer.answered_at
        if age <= timedelta(minutes=rules.correction_minutes):
            return [survey_messages.question(newest.id)]
        next_at = answers.open_again_at(answer)
        if localtime.now() < next_at:
            next_on = localtime.in_words(localtime.local_date(next_at))
            return _answered_lately(event, answer, next_on)
    return [survey_messages.question(invitations.invite(customer.id, f"word:{event.event_id}"))]


def _answered_lately(
    event: TextReceived | PostbackReceived, answer: answers.SurveyAnswer, next_on: str
) -> Answer:
    """Say when the next survey is due; a comment can still be added to an answer without one."""
    is_low = (
        answer.segment == Segment.DETRACTOR
    )  # asked again once their ticket is resolved: no day can be named
    template = words().answered_lately_low if is_low else words().answered_lately
    said = template.format(score=answer.score, next_on=next_on)
    if not answer.comment:
        _wait_for_words(event, answer.id)
        said = f"{said}\n\n{words().add_a_word}"
    reply = faq_messages.staff_offer(said, tickets.DETRACTOR) if is_low else survey_messages.say(said)
    return replies.lead_on([reply]) if answer.comment else [survey_messages.awaiting(reply)]


@routes.on_postback("nps.score")
def score_tapped(event: PostbackReceived) -> Answer:
    """Record one of the eleven scores."""
    customer = record_activity(event)
    invitation_id, score = event.postback.number("i"), event.postback.number("s")
    if invitation_id is None or score is None or not is_score(score):
        return replies.with_ways_on(words().unknown_button)
    return _scored(event, customer, invitation_id, score)


def score_written(event: TextReceived, heard: Heard) -> Answer | None:
    """Record a score written instead of tapped, with the words after it. None when the text holds no score or
    no question is open for it. During an exchange, only a number alone is a score."""
    found = written(event.text)
    if found is None or (event.exchange is not None and found.words):
        return None
    if event.exchange is not None and event.exchange.kind not in (
        exchanges.NPS_COMMENT,
        exchanges.CSAT_COMMENT,
    ):
        return None
    customer = record_activity(event)
    invitation_id = _asked_now(customer.id)
    if invitation_id is None:
        return None
    if found.score is None:
        return [survey_messages.question_of_eleven(invitation_id)]
    return _scored(event, customer, invitation_id, found.score, heard=heard, said=found.words)


def _asked_now(customer_id: int) -> int | None:
    """The invitation that a bare number answers: one sent lately, or one whose answer can still be corrected."""
    rules = shop.get(SurveyRules)
    newest, answer = invitations.latest_of(customer_id), answers.latest_of(customer_id)
    if newest is None:
        return None
    if answer is not None and answer.invitation_id == newest.id:
        until = answer.answered_at + timedelta(minutes=rules.correction_minutes)
    else:
        until = (newest.reminded_at or newest.asked_at) + rules.pace().remind_until
    return newest.id if localtime.now() <= until else None


def _scored(
    event: Event,
    customer: Customer,
    invitation_id: int,
    score: int,
    *,
    heard: Heard | None = None,
    said: str = "",
) -> Answer:
    recorded = answers.record_score(customer.id, invitation_id, score)
    if recorded is None:
        return replies.with_ways_on(words().unknown_button)
    match recorded.tap:
        case Tap.FIRST:
            answer = _first_answer(event, customer, recorded, heard, said)
            cause = f"survey-answer:{recorded.answer_id}"
            flow_triggers.note(customer, Occurrence(On.SCORE, cause, score=recorded.score))
            return answer
        case Tap.CORRECTION:
            return _corrected(event, customer, recorded)
        case Tap.SAME:
            return replies.with_ways_on(words().same_again.format(score=recorded.score))
        case Tap.TOO_LATE:
            return replies.with_ways_on(words().too_late.format(score=recorded.score))


def _first_answer(
    event: Event, customer: Customer, recorded: answers.Recorded, heard: Heard | None, said: str
) -> Answer:
    points = shop.get(PointRules).survey_answer
    entry = ledger.earn(customer.id, Action.SURVEY_ANSWER, points, f"survey-answer:{recorded.answer_id}")
    if said and isinstance(event, TextReceived) and heard is not None:
        if heard.is_alarm or heard.kind is MessageKind.STAFF:
            return _bad_news(event, customer, recorded, heard, said)
        if hear(said).kind not in COURTESIES:
            return _scored_in_words(event, customer, recorded, said)
    earned = entry.points if entry else 0
    balance = ledger.balance_with(entry) if entry else 0
    thanks = survey_messages.thanks_for_score(_reply_to(recorded.segment), recorded.score, earned, balance)
    # No congratulation beside an apology: a detractor's rise is announced with the next reply.
    risen = [] if recorded.segment is Segment.DETRACTOR else rank_messages(customer.id)
    return _follow_up(event, customer, recorded, [thanks, *risen])


def _bad_news(
    event: TextReceived, customer: Customer, recorded: answers.Recorded, heard: Heard, said: str
) -> Answer:
    """The words after a written score call for staff: store them as the comment, without a message about points."""
    if recorded.segment is Segment.DETRACTOR:
        low_score_cases.open_case(customer.id, event.conversation_id, f"survey-answer:{recorded.answer_id}")
    if heard.kind is not MessageKind.DANGER:
        store_comment(customer.id, recorded.answer_id, said)
    if heard.kind is MessageKind.STAFF and heard.subkind != "urgent":
        return staff_asked_for(event)
    return bad_moments.answer(event, customer, heard)


def _scored_in_words(
    event: TextReceived, customer: Customer, recorded: answers.Recorded, said: str
) -> list[Message]:
    """Answer a score that came with its reason: nothing is left to ask."""
    answer, entry = store_comment(customer.id, recorded.answer_id, said) or (None, None)
    if recorded.segment is Segment.PROMOTER:
        thanks = survey_messages.say(_reply_to(recorded.segment).format(score=recorded.score))
        return _follow_up(event, customer, recorded, [thanks, *rank_messages(customer.id)])
    if recorded.segment is Segment.DETRACTOR:
        low_score_cases.open_case(customer.id, event.conversation_id, f"survey-answer:{recorded.answer_id}")
    return comments.thanks_for_words(event, customer, answer, entry, said)


def _corrected(event: Event, customer: Customer, recorded: answers.Recorded) -> Answer:
    corrected = survey_messages.say(words().corrected.format(score=recorded.score))
    if not recorded.moved:
        return replies.lead_on([corrected])
    if recorded.segment is not Segment.DETRACTOR:
        low_score_cases.withdraw(f"survey-answer:{recorded.answer_id}")
    said = survey_messages.thanks_for_score(_reply_to(recorded.segment), recorded.score, 0, 0)
    return _follow_up(event, customer, recorded, [corrected, said])


def _reply_to(segment: Segment) -> str:
    return {
        Segment.PROMOTER: words().promoter_thanks,
        Segment.PASSIVE: words().passive_thanks,
        Segment.DETRACTOR: words().detractor_apology,
    }[segment]


def _follow_up(
    event: Event, customer: Customer, recorded: answers.Recorded, said: list[Message]
) -> list[Message]:
    """What each segment is asked next: promoters for a referral and a testimonial, the others for their reasons."""
    if recorded.segment is Segment.PROMOTER:
        if event.exchange:
            conversations.stop_waiting(event.conversation_id)
        invitation = referral_messages.invitation(referrals.invite(customer.id))
        request = testimonial_messages.ask_for_testimonial(shop.get(PointRules).testimonial)
        return replies.lead_on([*said, invitation, request])
    _wait_for_words(event, recorded.answer_id)
    if recorded.segment is Segment.DETRACTOR:
        low_score_cases.open_case(customer.id, event.conversation_id, f"survey-answer:{recorded.answer_id}")
        said = [*said, comments.staff_at_hand()]
    else:
        said = [*said, survey_messages.say(words().passive_question)]  # last, so that it is seen
    return [*said[:-1], survey_messages.awaiting(said[-1])]


def _wait_for_words(event: Event, answer_id: int) -> None:
    lasting = timedelta(minutes=shop.get(SurveyRules).comment_minutes)
    conversations.wait_for(event.conversation_id, exchanges.NPS_COMMENT, lasting, answer=answer_id)
