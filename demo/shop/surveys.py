"""The survey in the sample shop's life: asked by the survey's own rules, answered by some, with what follows: points,
testimonials, cases of low scores."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from bot import localtime
from bot.config import shop
from customers.orders import purchases
from customers.people import active_days
from customers.people.customer import Customer
from demo.shop.cases import Cases
from demo.shop.plan import causes
from demo.shop.plan.agenda import Happen
from demo.shop.plan.lives import DETRACTOR, PASSIVE, PROMOTER, Person, PlannedOrder
from demo.shop.sentences.stock import Stock, Topic, UnusedSentences
from demo.shop.sentences.testimonials import TESTIMONIALS
from rewards.ledger import ledger
from rewards.ledger.actions import Action
from rewards.ledger.settings import PointRules
from rewards.ranks import customer_rank, shown_testimonials
from rewards.referrals import referrals
from support.bad_moments import low_scores
from surveys.nps import answers, asking, invitations
from surveys.nps.answers import SurveyAnswer
from surveys.nps.asking import Candidate, Refusal
from surveys.nps.segments import Segment, segment_of
from surveys.nps.settings import SurveyRules, may_write_now
from surveys.testimonials import moderation
from surveys.testimonials import testimonials as surveys_testimonials
from surveys.testimonials.published import cause_of
from surveys.testimonials.tables import Consent

LEFT_TO_THE_DEMO = timedelta(days=2)
"""Who came due in so many days before the present is asked by the running demo."""
UNREAD_ONE_IN = 6
"""One in so many testimonials still waits for staff."""
OWNER = 1
ANSWER_AFTER_MINUTES = (4, 9, 20, 45, 90, 150)
ANSWERS_AT_ONCE = {PROMOTER: 0.6, PASSIVE: 0.52, DETRACTOR: 0.7}
"""The share that answers without a reminder: who is delighted or angry says so more often than who is neither."""
COMMENT_AFTER = timedelta(minutes=2)


class Surveys:
    """Asks customers some days after an order, reminds them, and writes what they answer."""

    def __init__(
        self,
        add: Callable[[datetime, Happen], None],
        id_of: Callable[[str], int],
        chance: random.Random,
        present: datetime,
    ) -> None:
        self._add, self._id_of, self._chance, self._present = add, id_of, chance, present
        self._rules, self._points = shop.get(SurveyRules), shop.get(PointRules)
        self._asked_at: dict[str, datetime] = {}
        self._asked_on: Counter[date] = Counter()
        self._asked_again: set[str] = set()
        self._cases = Cases(add, self.ask_again, present)
        self._unused = UnusedSentences()

    def plan(self, person: Person, planned: PlannedOrder, order_number: str) -> None:
        """Ask about this order when its day comes, in the hours in which the shop asks."""
        due_on = localtime.local(planned.at) + timedelta(days=self._rules.question_after_days)
        self._at(self._in_the_hours(due_on), partial(self._ask_about, person, planned, order_number))

    def ask_again(self, person: Person, score: int, ticket_id: int, resolved_at: datetime) -> None:
        """Ask again some days after the ticket of a low score was resolved. Who scores low again answers no third
        time."""
        due_on = localtime.local(resolved_at) + timedelta(days=self._rules.ask_again_after_resolved_days)
        later = min(10, score + self._chance.choice((0, 0, 1, 3, 5)))
        answers_it = person.user_id not in self._asked_again
        self._asked_again.add(person.user_id)
        ask = partial(
            self._ask, person, f"ticket:{ticket_id}", lambda: later, since=resolved_at, answers_it=answers_it
        )
        self._at(self._in_the_hours(due_on), ask)

    def _at(self, at: datetime, happen: Happen) -> None:
        if at < self._present - LEFT_TO_THE_DEMO:
            self._add(at, happen)

    def _in_the_hours(self, day: datetime) -> datetime:
        opens, closes = self._rules.ask_from_hour, self._rules.ask_until_hour
        at = time(self._chance.randrange(opens, closes), self._chance.randrange(60))
        return day.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)

    def _ask_about(self, person: Person, planned: PlannedOrder, order_number: str) -> None:
        bought = purchases.find(order_number)
        if bought is None or bought.state != purchases.PAID or not planned.bought:
            return
        comes_back = sum(bool(each.bought) for each in person.orders) > 1
        liking = causes.liking_of(
            person.liking, planned.codes, planned.at, self._present, comes_back=comes_back
        )
        score = min(10, max(0, liking + self._chance.choice((-1, 0, 0, 0, 1))))
        said = causes.comment(segment_of(score), planned.codes, planned.at, self._present, self._chance)
        self._ask(person, f"purchase:{bought.id}", lambda: score, comment=said)

    def _ask(
        self,
        person: Person,
        cause: str,
        score: Callable[[], int],
        *,
        comment: tuple[Topic, Stock] | None = None,
        since: datetime | None = None,
        answers_it: bool = True,
        tries: int = 0,
    ) -> None:
        """Ask if the survey's rules allow it; at a bad moment, the next day."""
        customer_id, now = self._id_of(person.user_id), localtime.now()
        refusal = asking.why_not(self._candidate(person, cause, since), now, self._rules.pace())
        is_full = self._asked_on[now.date()] >= self._rules.asked_a_day
        if refusal is Refusal.OPEN_TICKET or is_full or not may_write_now():
            if tries < self._rules.catch_up_days:
                again = partial(
                    self._ask,
                    person,
                    cause,
                    score,
                    comment=comment,
                    since=since,
                    answers_it=answers_it,
                    tries=tries + 1,
                )
                self._at(self._in_the_hours(localtime.local(now) + timedelta(days=1)), again)
            return
        if refusal is not None:
            return
        invitation_id = invitations.invite(customer_id, cause)
        self._asked_at[person.user_id] = now
        self._asked_on[now.date()] += 1
        if not answers_it:
            return
        answer = partial(self._answer, person, invitation_id, score(), comment)
        if self._chance.random() < ANSWERS_AT_ONCE[person.kind]:
            self._add(now + self._minutes(), answer)
        else:
            day = localtime.local(now) + timedelta(days=self._rules.remind_after_days)
            self._at(self._in_the_hours(day), partial(self._remind, person, invitation_id, answer))

    def _candidate(self, person: Person, cause: str, since: datetime | None) -> Candidate:
        customer: Customer = Customer.get_by_id(self._id_of(person.user_id))
        return Candidate(
            asking.occasion_of(cause),
            is_blocked=customer.blocked_at is not None,
            is_opted_out=customer.opted_out_at is not None,
            has_open_ticket=low_scores.is_with_staff(customer.id),
            last_asked_at=self._asked_at.get(person.user_id),
            since=since,
        )

    def _remind(self, person: Person, invitation_id: int, answer: Happen) -> None:
        """Remind of the question; one in five answers then."""
        candidate = self._candidate(person, f"reminder:{invitation_id}", self._asked_at[person.user_id])
        if asking.why_not(candidate, localtime.now(), self._rules.pace()) is None:
            invitations.remind(invitation_id)
            if self._chance.random() < 0.2:
                self._add(localtime.now() + self._minutes(), answer)

    def _minutes(self) -> timedelta:
        return timedelta(minutes=self._chance.choice(ANSWER_AFTER_MINUTES))

    def _answer(
        self, person: Person, invitation_id: int, score: int, comment: tuple[Topic, Stock] | None
    ) -> None:
        customer_id = self._id_of(person.user_id)
        recorded = answers.record_score(customer_id, invitation_id, score)
        if recorded is None:
            return
        active_days.record_message_day(Customer.get_by_id(customer_id), localtime.today())
        cause = f"survey-answer:{recorded.answer_id}"
        ledger.earn(customer_id, Action.SURVEY_ANSWER, self._points.survey_answer, cause)
        is_low = recorded.segment is Segment.DETRACTOR
        if comment and self._chance.random() < (0.75 if is_low else 0.4):
            self._add(
                localtime.now() + COMMENT_AFTER,
                partial(self._comment, customer_id, recorded.answer_id, comment),
            )
        if is_low:
            self._cases.open(person, customer_id, recorded.answer_id, score)
        if recorded.segment is Segment.PROMOTER:
            referrals.invite(customer_id)
            if self._chance.random() < 0.4:
                self._testify(customer_id)
        customer_rank.review(customer_id)

    def _comment(self, customer_id: int, answer_id: int, comment: tuple[Topic, Stock]) -> None:
        said = self._unused.left_of(*comment)
        if said is None:
            return
        stored: SurveyAnswer | None = answers.add_comment(customer_id, answer_id, said)
        if stored is not None:
            cause = f"survey-comment:{stored.id}"
            ledger.earn(customer_id, Action.COMMENT, self._points.comment, cause)
            customer_rank.review(customer_id)

    def _testify(self, customer_id: int) -> None:
        said = self._unused.left_of(self._chance.choice(TESTIMONIALS), TESTIMONIALS)
        if said is None:
            return
        written = surveys_testimonials.write(customer_id, said)
        consent = self._chance.choice((Consent.NAMED, Consent.ANONYMOUS))
        name = Customer.get_by_id(customer_id).display_name if consent is Consent.NAMED else ""
        surveys_testimonials.decide(customer_id, written, consent, name)
        ledger.earn(customer_id, Action.TESTIMONIAL, self._points.testimonial, cause_of(written))
        found = moderation.find(written)
        if found is not None and written % UNREAD_ONE_IN:
            moderation.publish(found, OWNER)
            shown_testimonials.add(customer_id, cause_of(written))
