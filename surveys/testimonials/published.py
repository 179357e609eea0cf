"""Reads the testimonials anybody may see: published by staff with their writer's consent, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.testimonials.tables import Testimonial, TestimonialChange, TestimonialState


@dataclass(frozen=True, slots=True)
class PublishedTestimonial:
    """One published testimonial, with no more about its writer than they consented to."""

    id: int
    body: str
    shown_name: str
    """Empty when anonymous."""
    picture: str
    """Key of its picture in `bot.files.storage`; empty without one."""
    published_at: datetime

    @property
    def cause(self) -> str:
        """The cause under which points were given for it, if any."""
        return cause_of(self.id)

    @property
    def picture_path(self) -> str:
        """The path of its picture below PUBLIC_URL; empty without one."""
        return f"/voices/pictures/{self.picture.rpartition('/')[2]}" if self.picture else ""


def cause_of(testimonial_id: int) -> str:
    """The cause under which points are given for that testimonial."""
    return f"testimonial:{testimonial_id}"


def published(limit: int, before: int | None = None) -> list[PublishedTestimonial]:
    """The newest; `before` is the id of the last one already shown."""
    query = Testimonial.select().where(Testimonial.state == TestimonialState.PUBLISHED)
    last = Testimonial.get_or_none(Testimonial.id == before) if before else None
    if last is not None and last.published_at is not None:
        moment = Testimonial.published_at
        query = query.where(
            moment <= last.published_at, (moment < last.published_at) | (Testimonial.id < last.id)
        )
    newest = query.order_by(Testimonial.published_at.desc(), Testimonial.id.desc()).limit(limit)
    return [_testimonial(row) for row in newest]


def find(testimonial_id: int) -> PublishedTestimonial | None:
    """That testimonial if it is published now, else None."""
    row = Testimonial.get_or_none(
        Testimonial.id == testimonial_id, Testimonial.state == TestimonialState.PUBLISHED
    )
    return _testimonial(row) if row is not None else None


def has_picture(key: str) -> bool:
    """Whether the key is the picture of a testimonial published now."""
    shown = (Testimonial.state == TestimonialState.PUBLISHED) & (Testimonial.public_picture == key)
    return bool(Testimonial.select().where(shown).exists())


def _testimonial(row: Testimonial) -> PublishedTestimonial:
    return PublishedTestimonial(row.id, row.body, row.shown_name, row.public_picture, row.published_at)


def changed_since(moment: datetime) -> set[int]:
    """Customers with a testimonial that was published, unpublished or withdrawn since that moment."""
    newest = TestimonialChange.select(TestimonialChange.testimonial).where(
        TestimonialChange.changed_at >= moment
    )
    rows: Any = Testimonial.select(Testimonial.customer).where(Testimonial.id.in_(newest)).distinct().tuples()
    return {customer_id for (customer_id,) in rows}
