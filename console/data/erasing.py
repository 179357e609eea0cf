"""Erases a customer for the console and the command: refused while staff have an open chat with them."""

from console.shell.translation import gettext
from customers.erasure import erasing
from customers.erasure.erasing import BUSY, ERASED_ALREADY, IMPORTING, UNKNOWN, CannotErase, Erased
from support.tickets.tickets import UNRESOLVED, Ticket

OPEN_TICKET = "open-ticket"

__all__ = ["BUSY", "ERASED_ALREADY", "IMPORTING", "OPEN_TICKET", "UNKNOWN", "CannotErase", "Erased", "erase"]


def erase(customer_id: int, by: int | None) -> Erased:
    """Erase the customer in the open transaction. Raises CannotErase, also while a ticket of theirs is open: staff
    would answer nobody."""
    if open_ticket_of(customer_id) is not None:
        raise CannotErase(OPEN_TICKET)
    return erasing.erase(customer_id, by)


def open_ticket_of(customer_id: int) -> int | None:
    """The customer's ticket that is not resolved; None when there is none."""
    found = Ticket.get_or_none((Ticket.customer == customer_id) & Ticket.state.in_(UNRESOLVED))
    return None if found is None else int(found.id)


def refusal_in_words(reason: str) -> str:
    """Why the customer cannot be erased now, and what to do."""
    return {
        OPEN_TICKET: gettext("対応中のチャットがあります。対応済みにしてから、もう一度お試しください。"),
        BUSY: gettext(
            "このお客様のメッセージか注文を、いま処理しています。1分ほどおいて、もう一度お試しください。"
        ),
        IMPORTING: gettext(
            "注文のファイルを取りこんでいる途中です。この方の注文が入っているかもしれないので、終わってからお試しください。"
        ),
        ERASED_ALREADY: gettext("このお客様の情報は、すでに消してあります。"),
        UNKNOWN: gettext("このお客様は見つかりません。"),
    }[reason]
