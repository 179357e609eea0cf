"""The kinds of exchange: what the bot is waiting for when the next text comes.

Stored in `conversation.exchange_kind` while an exchange is open, so an upgrade finds the older version's kinds
there.
"""

NPS_COMMENT = "nps.comment"
"""A comment on the score."""
CSAT_COMMENT = "csat.comment"
"""A comment on how staff handled a ticket."""
BIRTHDAY = "birthday.day"
TESTIMONIAL_BODY = "testimonial.body"
TESTIMONIAL_MEANT = "testimonial.meant"
"""The text was classified as a complaint; the customer may still say that it is the testimonial."""
TESTIMONIAL_PICTURE = "testimonial.picture"
TESTIMONIAL_NAME = "testimonial.name"
"""The name under which the testimonial is shown."""
TESTIMONIAL_CONSENT = "testimonial.consent"

TESTIMONIAL = {
    TESTIMONIAL_BODY,
    TESTIMONIAL_MEANT,
    TESTIMONIAL_PICTURE,
    TESTIMONIAL_NAME,
    TESTIMONIAL_CONSENT,
}
"""Every step of writing a testimonial."""
