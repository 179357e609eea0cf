"""The ranks of the sample shop's customers as of today."""

from bot import localtime
from demo.shop import people
from rewards.ranks import nightly_review, notifications


def review_all() -> None:
    """Run the nightly rank review, and drop its notifications: nobody is notified at the start of a demo."""
    review_run = nightly_review.begin_or_resume_review(localtime.today())
    if review_run is not None:
        measured_sql = nightly_review.measure_statement(review_run)
        while (
            last_id := nightly_review.measure_next(review_run, measured_sql, people.CUSTOMER_COUNT)
        ) is not None:
            chunk = nightly_review.next_chunk(review_run, people.CUSTOMER_COUNT)
            if chunk is not None:
                nightly_review.write(review_run, chunk)
            nightly_review.pass_over(review_run, last_id)
        nightly_review.finish(review_run)
        while notifications.take(people.CUSTOMER_COUNT):
            pass
