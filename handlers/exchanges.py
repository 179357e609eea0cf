"""The kinds of exchange: what the bot may be waiting to hear when the next text comes.

They stand in `conversation.exchange_kind` while an exchange is open, so an upgrade meets those of the version before.
"""

NPS_COMMENT = "nps.comment"
"""A few words on the number that was tapped."""
CSAT_COMMENT = "csat.comment"
"""A few words on how the staff did."""
BIRTHDAY = "birthday.day"
TESTIMONIAL_BODY = "testimonial.body"
TESTIMONIAL_MEANT = "testimonial.meant"
"""What was written sounded like a complaint: whether it is meant as the testimonial all the same."""
TESTIMONIAL_PICTURE = "testimonial.picture"
TESTIMONIAL_NAME = "testimonial.name"
"""The name under which it is shown."""
TESTIMONIAL_CONSENT = "testimonial.consent"

TESTIMONIAL = {
    TESTIMONIAL_BODY,
    TESTIMONIAL_MEANT,
    TESTIMONIAL_PICTURE,
    TESTIMONIAL_NAME,
    TESTIMONIAL_CONSENT,
}
"""Every step on the way to a testimonial."""
