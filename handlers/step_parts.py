"""Parts of messages of flows and campaigns that come from other domains."""

from bot.config import settings
from journeys.flows.step_messages import ShownTestimonial
from rewards.ledger import ledger
from surveys.testimonials import published
from surveys.testimonials.words import words as testimonial_words


def newest_testimonial() -> ShownTestimonial | None:
    """The testimonial published last, with what has to be disclosed about it; None while there is none."""
    for testimonial in published.published(1):
        points = ledger.points_given([testimonial.cause]).get(testimonial.cause, 0)
        return ShownTestimonial(
            text=testimonial.body,
            author=testimonial_words().who(testimonial.shown_name),
            picture_url=f"{settings.current().public_url}{testimonial.picture_path}"
            if testimonial.picture_path
            else "",
            disclosure=testimonial_words().disclosed(points),
        )
    return None
