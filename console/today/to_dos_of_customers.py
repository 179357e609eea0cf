"""To-dos about customers: danger, promised answers, individual contact, testimonials, referrals, second purchases,
points and coupons that expire.

All but the last two are read when the page is opened; those two are counted by `counted.py`.
"""

from datetime import date, timedelta

from flask import url_for

from bot import localtime
from console.shell.pages import yen as in_yen
from console.shell.translation import gettext, ngettext
from console.today import stakes
from console.today.morning import Morning
from console.today.ranking import ToDo
from console.today.stakes import Chance, Stake
from journeys.contacts import contacts
from journeys.contacts import rules as contact_rules
from rewards.referrals import review
from support.bad_moments import quiet_period
from support.tickets import queues, waiting_tickets
from support.tickets.tickets import DETRACTOR, Ticket
from surveys.testimonials import moderation
from surveys.testimonials.tables import TestimonialState

MOST_SUMMED = 500
"""So many customers are read of each kind."""


def danger(morning: Morning) -> ToDo | None:
    """A customer who wrote of danger to life or of harm, and waits."""
    found = waiting_tickets.gravest()
    if found is None:
        return None
    stake = stakes.of_customers([found.customer_id], Chance.LATE, morning.today)
    return ToDo(
        "danger",
        gettext("いのちやお体のことを書いたお客さまがお待ちです。いちばんにお返事をしてください。"),
        url_for("console.ticket", ticket_id=found.id),
        stake.yen,
        gettext("金額にかかわらず、いちばん上に出します。"),
        morning.today,
        comes_first=True,
    )


def late_promises(morning: Morning) -> ToDo | None:
    """Answers whose promised time is past."""
    found = waiting_tickets.promised_by(localtime.now(), MOST_SUMMED)
    if not found:
        return None
    sentence = ngettext(
        "お返事の約束を過ぎたお客さまが%(num)d人います。まずここからお返事を。",
        "お返事の約束を過ぎたお客さまが%(num)d人います。まずここからお返事を。",
        len(found),
    )
    stake = stakes.of_customers(_customers(found), Chance.LATE, morning.today)
    href = _tickets(found, queues.AT_RISK)
    return _to_do("late-promises", sentence + _of_detractors(found), href, stake, morning.today)


def promises_today(morning: Morning) -> ToDo | None:
    """Answers that were promised until today's end, and are not late yet."""
    now = localtime.now()
    end = localtime.start_of(morning.today + timedelta(days=1))
    found = [
        each
        for each in waiting_tickets.promised_by(end, MOST_SUMMED)
        if each.answer_due_at and each.answer_due_at > now
    ]
    if not found:
        return None
    first = localtime.local(found[0].answer_due_at or now)
    sentence = ngettext(
        "お返事の約束がきょうまでのお客さまが%(num)d人います（早い方は%(when)s）。",
        "お返事の約束がきょうまでのお客さまが%(num)d人います（早い方は%(when)s）。",
        len(found),
        when=f"{first:%H:%M}",
    )
    stake = stakes.of_customers(_customers(found), Chance.PROMISED, morning.today)
    href = _tickets(found, queues.LONGEST)
    return _to_do("promises-today", sentence + _of_detractors(found), href, stake, morning.today)


def contact(morning: Morning) -> ToDo | None:
    """Repeat buyers whose window for individual contact is open: as many as staff can write to today."""
    today = morning.today
    room = contact_rules.room(contacts.capacity(today), len(contacts.taken_today(today)))
    found = contacts.queue(today, room, quiet_period.among)
    if not found:
        return None
    sentence = ngettext(
        "今日の連絡: また買ってくださる方のうち、間があいてきた%(num)d人にひとこと書きましょう。",
        "今日の連絡: また買ってくださる方のうち、間があいてきた%(num)d人にひとこと書きましょう。",
        len(found),
    )
    begins = sum(each.due_on == today for each in found)
    if begins:
        sentence += ngettext(
            "%(num)d人は、ちょうどきょうがその日です。", "%(num)d人は、ちょうどきょうがその日です。", begins
        )
    deadline = min(each.until_on for each in found) - timedelta(days=1)
    stake = stakes.of_contacts(sum(each.year_yen for each in found), today)
    return _to_do("contact", sentence, url_for("console.contacts"), stake, deadline)


def testimonials(morning: Morning) -> ToDo | None:
    """Testimonials that wait for a decision."""
    page = moderation.queue(TestimonialState.WAITING, MOST_SUMMED)
    if not page.testimonials:
        return None
    sentence = ngettext(
        "お客様の声が%(num)d件、公開されるのを待っています。読んで、のせるかどうか決めましょう。",
        "お客様の声が%(num)d件、公開されるのを待っています。読んで、のせるかどうか決めましょう。",
        len(page.testimonials),
    )
    wrote = [each.customer_id for each in page.testimonials]
    stake = stakes.of_customers(wrote, Chance.TESTIMONIAL, morning.today)
    return _to_do("testimonials", sentence, url_for("console.testimonials"), stake)


def referrals(morning: Morning) -> ToDo | None:
    """Referrals held for review."""
    found = review.held_pairs(MOST_SUMMED)
    if not found:
        return None
    sentence = ngettext(
        "紹介が%(num)d件、確認を待っています。決まるまで、どちらの方にもポイントが付きません。",
        "紹介が%(num)d件、確認を待っています。決まるまで、どちらの方にもポイントが付きません。",
        len(found),
    )
    both = [each for pair in found for each in pair]
    stake = stakes.of_customers(both, Chance.REFERRAL, morning.today)
    return _to_do("referrals", sentence, url_for("console.referrals_to_review"), stake)


def second_purchase(morning: Morning) -> ToDo | None:
    """First buyers who come to the end of the usual time until a second purchase."""
    found = morning.second_purchase
    if found is None or not found.count:
        return None
    sentence = ngettext(
        "はじめて買った%(num)d人が、2回目を買うころ（%(gap)d日）をこの1週間で過ぎます。2回目のきっかけを送りましょう。",
        "はじめて買った%(num)d人が、2回目を買うころ（%(gap)d日）をこの1週間で過ぎます。2回目のきっかけを送りましょう。",
        found.count,
        gap=found.gap_days,
    )
    estimate = gettext(
        "%(count)s人 × 2回目を買う方の割合 %(rate)s%%（お店の実績） × 1回のご購入 %(price)s（お店の平均）",
        count=f"{found.count:,}",
        rate=f"{found.rate * 100:.0f}",
        price=in_yen(found.order_yen),
    )
    stake = Stake(round(found.count * found.rate * found.order_yen), estimate)
    return _to_do("second-purchase", sentence, url_for("console.new_campaign"), stake, found.until_on)


def expiring(morning: Morning) -> ToDo | None:
    """Points and coupons of customers that expire within a week."""
    found = morning.expiring
    if found is None or not found.customer_count:
        return None
    sentence = ngettext(
        "7日のうちに、ポイントかクーポンの期限が来る方が%(num)d人います。使い道をお知らせしましょう。",
        "7日のうちに、ポイントかクーポンの期限が来る方が%(num)d人います。使い道をお知らせしましょう。",
        found.customer_count,
    )
    stake = stakes.of_year(found.year_yen, Chance.EXPIRING.share, Chance.EXPIRING.words)
    return _to_do("expiring", sentence, url_for("console.new_campaign"), stake, found.first_on)


def _to_do(key: str, sentence: str, href: str, stake: Stake, deadline: date | None = None) -> ToDo:
    return ToDo(key, sentence, href, stake.yen, stake.estimate, deadline)


def _customers(found: list[Ticket]) -> list[int]:
    return [each.customer_id for each in found]


def _of_detractors(found: list[Ticket]) -> str:
    count = sum(each.cause == DETRACTOR for each in found)
    if not count:
        return ""
    return ngettext("うち%(num)d人は低い評価の方です。", "うち%(num)d人は低い評価の方です。", count)


def _tickets(found: list[Ticket], queue: str) -> str:
    """The chat itself where it is one, else the list that has them all."""
    if len(found) == 1:
        return url_for("console.ticket", ticket_id=found[0].id)
    return url_for("console.tickets", view=queue)
