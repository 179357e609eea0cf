"""What LINE says of this month's paid messages. Remembered by `bot/queue/month_quota.py`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Month:
    """What LINE says: how many paid messages the plan holds (None: no limit), and how many were used."""

    quota: int | None
    used_count: int
