"""LINE's figures on this month's paid messages; `bot/queue/month_quota.py` stores them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Month:
    """How many paid messages the plan includes (None: no limit), and how many were used."""

    quota: int | None
    used_count: int
