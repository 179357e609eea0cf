"""The kinds of our own events, as they are stored in `inbox_event.source`; the handlers of each are in
`handlers/`.

A kind says what has really happened when the event is stored. What staff ask for in the console is a request
until the worker has carried it out, and an order that came in is only received. LINE's own events all have
the source `line`.

A kind is never renamed in place: rows of the older name may wait in the inbox of a database that is upgraded,
and a parked one may be tried again after years. Add the older name to `FORMER_NAMES`.
"""

ORDER_RECEIVED = "order.received"
"""An order came in from the shop's system, a file or the demo; nothing is recorded yet."""
ORDER_CANCELLED = "order.cancelled"
"""The shop cancelled the order; its points and rank are not reversed yet."""
ORDER_REFUNDED = "order.refunded"
"""The shop gave money back; nothing is reversed yet."""
ORDER_DISPATCHED = "order.dispatched"
"""A parcel of the order was dispatched, and the fact is stored; the customer has not been notified."""
ORDER_DELIVERED = "order.delivered"
"""A parcel of the order was delivered, and the fact is stored; the customer has not been notified."""

BUYER_LINK_REQUESTED = "buyer.link_requested"
BUYER_UNLINK_REQUESTED = "buyer.unlink_requested"
LINK_OPENED = "link.opened"
"""The customer opened one of their own links, for the first time that day."""
LINK_CLICKED = "link.clicked"
"""A person opened a short link of a message."""

PROFILE_ANSWER_RECEIVED = "profile.answer_received"
"""LINE answered a request for a profile, possibly by refusing it."""
LINK_TOKEN_ANSWER_RECEIVED = "link_token.answer_received"  # noqa: S105 -- a kind of event, no secret
"""LINE answered with a link token, or refused one."""

MONTHLY_REPORT_MADE = "monthly_report.made"
"""The month's report was counted; it has not been sent to that owner."""

STAFF_ALERT_RAISED = "staff_alert.raised"
"""Staff are to be alerted that a chat needs them; the message to that person's own LINE is not planned yet."""

STAFF_PASSWORD_FORGOTTEN = "staff_password.forgotten"  # noqa: S105 -- a kind of event, no secret
"""A member of staff asked for a link to a new password; it has not been sent to their own LINE yet."""

SURVEY_DUE = "survey.due"
SURVEY_TRIED = "survey.tried"
"""An owner sends the question to themselves, to see it: at once, whatever the rules of asking say."""
SURVEY_REMINDER_DUE = "survey.reminder_due"
TESTIMONIAL_PUBLISHED = "testimonial.published"
TESTIMONIAL_UNPUBLISHED = "testimonial.unpublished"

STAFF_REPLIED = "staff.replied"
"""A member of staff answered in the console; the message has not gone to LINE yet."""
TICKET_RESOLVE_REQUESTED = "ticket.resolve_requested"
TICKET_LATE = "ticket.late"
"""The promised time of a ticket's answer has passed."""
SATISFACTION_DUE = "satisfaction.due"

COUPON_GRANT_REQUESTED = "coupon.grant_requested"
COUPON_CANCELLATION_REQUESTED = "coupon.cancellation_requested"
BIRTHDAY_CAME = "birthday.came"
POINTS_EXPIRING = "points.expiring"

RANK_ROSE = "rank.rose"
"""The nightly review recorded a higher rank."""
RANK_FALL_WARNING_DUE = "rank.fall_warning_due"
"""The nightly review found a rank that will fall; the customer has not been warned yet."""

REFERRAL_DUE = "referral.due"
"""The days for which a referral's reward was held have passed."""
REFERRAL_DECIDED = "referral.decided"
"""A member of staff decided on a referral that was held for review."""
REFERRAL_LOGIN_COMPLETED = "referral.login_completed"
"""Somebody signed in with LINE Login from an invitation page; the referral is not counted yet."""

FLOW_STEP_DUE = "flow.step_due"
"""An enrolment's step is due; the clock has taken it."""
FLOW_ENTRY_REQUESTED = "flow.entry_requested"
"""Staff or the owner put the customer into a flow."""
FLOW_OCCURRED = "flow.occurred"
"""Something happened to the customer outside an event of their own: a friend joined, a day came."""

CONTACT_SEND_REQUESTED = "contact.send_requested"
"""A member of staff wrote to a customer who has not bought for a while; the message is not planned yet."""

MESSAGES_DUE = "messages.due"
"""Planned messages of this customer are to be sent, or decided on again."""

OF_ONE_CUSTOMER = frozenset({FLOW_STEP_DUE, FLOW_ENTRY_REQUESTED, MESSAGES_DUE})
"""Kinds that come by the thousand and change only what is their own customer's: their events may share a
transaction."""

FORMER_NAMES = {
    "order.recorded": ORDER_RECEIVED,
    "buyer.tied": BUYER_LINK_REQUESTED,
    "buyer.untied": BUYER_UNLINK_REQUESTED,
    "profile.learned": PROFILE_ANSWER_RECEIVED,
    "link-token.issued": LINK_TOKEN_ANSWER_RECEIVED,
    "ticket.resolved": TICKET_RESOLVE_REQUESTED,
    "coupon.given": COUPON_GRANT_REQUESTED,
    "coupon.cancelled": COUPON_CANCELLATION_REQUESTED,
    "rank.fall_warned": RANK_FALL_WARNING_DUE,
    "referral.joined-by-login": REFERRAL_LOGIN_COMPLETED,
}
"""Kinds as earlier versions stored them, with their present names."""


def stored_as(kind: str) -> list[str]:
    """Every name under which events of that kind may be stored; for queries of the inbox."""
    return [kind, *(former for former, today in FORMER_NAMES.items() if today == kind)]
