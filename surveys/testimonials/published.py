"""Decides what everybody may see of testimonials: those staff published with their writer's consent, newest first."""

from dataclasses import dataclass
from datetime import datetime

from surveys.testimonials.tables import Testimonial, TestimonialState


@dataclass(frozen=True, slots=True)
class PublishedTestimonial:
    """One published testimonial; no more of its writer than they agreed to."""

    id: int
    body: str
    shown_name: str
    """Empty for somebody who stays anonymous."""
    picture: str
    """Key of its picture in `bot.files.storage`; empty without one."""
    published_at: datetime

    @property
    def cause(self) -> str:
        """Under which cause points were given for it, if any were."""
        return cause_of(self.id)

    @property
    def picture_path(self) -> str:
        """The address of its picture, below PUBLIC_URL; empty without one."""
        return f"/voices/pictures/{self.picture.rpartition('/')[2]}" if self.picture else ""


def cause_of(testimonial_id: int) -> str:
    """Under which cause points are given for that testimonial."""
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
    """That one, if it is published now."""
    row = Testimonial.get_or_none(
        Testimonial.id == testimonial_id, Testimonial.state == TestimonialState.PUBLISHED
    )
    return _testimonial(row) if row is not None else None


def has_picture(key: str) -> bool:
    """Whether that is the picture of something published now."""
    shown = (Testimonial.state == TestimonialState.PUBLISHED) & (Testimonial.public_picture == key)
    return bool(Testimonial.select().where(shown).exists())


def _testimonial(row: Testimonial) -> PublishedTestimonial:
    return PublishedTestimonial(row.id, row.body, row.shown_name, row.public_picture, row.published_at)
