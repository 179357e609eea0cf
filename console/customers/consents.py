"""The history of what a customer allowed, for their page: of messages and links, and of their testimonials."""

from dataclasses import dataclass
from datetime import datetime

from console.shell.translation import gettext
from customers.people import consent_entries
from customers.people.consent_entries import ConsentChange
from customers.people.customer import Customer
from surveys.testimonials.tables import Change, Testimonial, TestimonialChange

BY_CUSTOMER = (Change.CONSENTED, Change.DECLINED, Change.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class ConsentShown:
    """One line of the history."""

    at: datetime
    words: str


def of(customer: Customer) -> list[ConsentShown]:
    """All lines, newest first."""
    lines = [
        ConsentShown(each.changed_at, _words()[each.change])
        for each in consent_entries.of_customer(customer.id)
    ]
    theirs = (
        TestimonialChange.select(TestimonialChange)
        .join(Testimonial)
        .where(Testimonial.customer == customer.id, TestimonialChange.change.in_(BY_CUSTOMER))
    )
    lines += [ConsentShown(each.changed_at, _testimonial_words(each)) for each in theirs]
    return sorted(lines, key=lambda each: each.at, reverse=True)


def _words() -> dict[str, str]:
    return {
        ConsentChange.FOLLOWED: gettext("友だち追加（ごあいさつでプライバシーポリシーをご案内）"),
        ConsentChange.BLOCKED: gettext("ブロック"),
        ConsentChange.OPTED_OUT: gettext("配信停止"),
        ConsentChange.OPTED_IN: gettext("配信再開"),
        ConsentChange.LINKED: gettext("お店の会員情報と連携"),
        ConsentChange.UNLINKED: gettext("お店の会員情報との連携を解除"),
    }


def _testimonial_words(change: TestimonialChange) -> str:
    match change.change:
        case Change.CONSENTED if change.shown_name:
            return gettext("お客様の声の掲載を許可（お名前: %(name)s）", name=change.shown_name)
        case Change.CONSENTED:
            return gettext("お客様の声の掲載を許可（お名前なし）")
        case Change.DECLINED:
            return gettext("お客様の声の掲載をお断り")
        case _:
            return gettext("お客様の声の掲載を取り下げ")
