"""The sample shop's customers: who they are, when they joined, how they like the shop, what they bought and when.

Planned before anything is written, from the present backwards. The same seed gives the same lives. The shares are
those of a healthy small mail-order shop (a quarter buys again within a year, a tenth of the buyers makes two fifths
of the sales); `causes.py` has what a sharp owner can find.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import accumulate

from bot import localtime
from demo.shop.plan import causes
from demo.shop.plan.products import BUSY, BY_CODE, LASTS_DAYS, PUMP, SOAP, choose

HISTORY = timedelta(days=485)
NEWEST = timedelta(days=3)
PROMOTER, PASSIVE, DETRACTOR = "promoter", "passive", "detractor"
LIKINGS = {PROMOTER: (10, 10, 9), PASSIVE: (8, 8, 7), DETRACTOR: (6, 5, 4, 2)}
KINDS = (PROMOTER,) * 14 + (PASSIVE,) * 7 + (DETRACTOR,) * 6
"""What each twenty-seven customers are, in changing order."""
COMES_BACK = {PROMOTER: 0.29, PASSIVE: 0.19, DETRACTOR: 0.19}
FRIEND_COMES_BACK = {PROMOTER: 0.62, PASSIVE: 0.45, DETRACTOR: 0.2}
"""The share that buys a second time; of those whom a customer brought it is larger."""
BAD_PRODUCT_COMES_BACK = 0.03
GOES_ON = {PROMOTER: 0.6, PASSIVE: 0.5, DETRACTOR: 0.45}
"""The share that buys again after the second and each later order."""
BUYS_AT_ALL = 0.95
FANS = {PROMOTER: 1 / 20, PASSIVE: 1 / 40, DETRACTOR: 0.0}
"""The share that buys every month or so, several things at once."""
FEWEST_OF_A_FAN, MOST_OF_A_FAN = 5, 10
FRIENDS_ONE_IN = 6
BRINGERS, BRINGERS_SPEND = 15, 1.9
"""About so many customers bring all the friends, and spend so many times what all do."""
LEAVES = 0.06
"""The share that blocks the shop on LINE."""
ENDINGS = {"cancelled": 0.015, "refunded": 0.012, "partly": 0.02}
SAMPLE_ONE_IN = 40
"""One in so many gets a free sample before buying."""
SHORTEST_GAP_DAYS, LONGEST_GAP_DAYS = 19, 125
HOURS = (7, 8, 9, 10, 11, 12, 12, 13, 14, 15, 17, 19, 20, 20, 21, 21, 22)


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """What somebody buys at some time, and what becomes of it; nothing bought is a free sample."""

    at: datetime
    bought: tuple[tuple[str, int], ...]
    """Codes and quantities."""
    ending: str = ""
    """`cancelled`, `refunded` or `partly` refunded, some days later."""

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.bought)

    @property
    def yen(self) -> int:
        return sum(BY_CODE[code].price_yen * quantity for code, quantity in self.bought)


@dataclass(frozen=True, slots=True)
class Person:
    """A sample customer."""

    user_id: str
    name: str
    joined_at: datetime
    liking: int
    """How they like the shop, 0 to 10."""
    orders: tuple[PlannedOrder, ...] = ()
    friend_of: str = ""
    """The LINE user id of the customer who brought them."""
    leaves_at: datetime | None = None
    is_friend: bool = False

    @property
    def kind(self) -> str:
        """Promoter, passive or detractor."""
        return PROMOTER if self.liking >= 9 else PASSIVE if self.liking >= 7 else DETRACTOR

    def spent_since(self, moment: datetime) -> int:
        """What they have spent since then, in yen; without what was cancelled or refunded."""
        return sum(each.yen for each in self.orders if each.at > moment and each.ending in ("", "partly"))


class Share:
    """Says yes to a given share of questions, spread evenly: in a small shop chance alone would move the figures."""

    def __init__(self, start: float) -> None:
        self._sum = start

    def of(self, share: float) -> bool:
        """Whether this one is among them."""
        self._sum += share
        if self._sum < 1:
            return False
        self._sum -= 1
        return True


class Lives:
    """Plans the lives of customers, one after the other."""

    def __init__(self, now: datetime, chance: random.Random) -> None:
        self._now, self._chance = now, chance
        self._shares: dict[tuple[str, ...], Share] = {}

    def customers(self, people: Sequence[tuple[str, str]]) -> list[Person]:
        """The customers with these LINE user ids and names, those who joined first before the others."""
        kinds: list[str] = []
        while len(kinds) < len(people):
            kinds += self._chance.sample(KINDS, len(KINDS))
        joined = arrivals(len(people), self._now - HISTORY, self._now - NEWEST, self._chance)
        drawn = zip(people, joined, kinds, strict=False)
        return self._with_friends([self._life(*who, at, kind) for who, at, kind in drawn])

    def elsewhere(self, count: int) -> list[list[PlannedOrder]]:
        """The orders of so many buyers who are not on LINE, by buyer."""
        found = []
        for at in arrivals(count, self._now - HISTORY, self._now - timedelta(hours=20), self._chance):
            kind = self._chance.choice(KINDS)
            found.append(
                list(self._orders(at, kind, is_friend=False, is_fan=self._share("fan-elsewhere", 1 / 40)))
            )
        return [orders for orders in found if orders]

    def _share(self, *name_and_share: str | float) -> bool:
        *name, share = name_and_share
        key = tuple(map(str, name))
        return self._shares.setdefault(key, Share(self._chance.random())).of(float(share))

    def _life(self, user_id: str, name: str, joined_at: datetime, kind: str) -> Person:
        is_friend = self._share("friend", 1 / FRIENDS_ONE_IN) and joined_at > self._now - HISTORY * 0.9
        is_fan = self._share("fan", kind, FANS[kind])
        begins = joined_at + timedelta(days=self._chance.randint(0, 5), minutes=self._chance.randint(10, 500))
        orders: list[PlannedOrder] = []
        if self._share("sample", 1 / SAMPLE_ONE_IN):
            orders.append(PlannedOrder(begins, ()))
            begins += timedelta(days=self._chance.randint(12, 25))
        if self._share("buys", kind, BUYS_AT_ALL):
            orders += self._orders(begins, kind, is_friend=is_friend, is_fan=is_fan)
        leaves_at = None
        if not is_fan and self._share("leaves", kind, LEAVES):
            last = orders[-1].at if orders else joined_at
            leaves_at = last + timedelta(days=self._chance.randint(20, 90), hours=2)
        drawn = self._chance.choice(LIKINGS[kind])
        liking = max(LIKINGS[kind]) if is_fan else drawn
        orders = [each for each in orders if each.at < self._now]
        if leaves_at is not None and leaves_at > self._now:
            leaves_at = None
        return Person(
            user_id, name, joined_at, liking, tuple(orders), leaves_at=leaves_at, is_friend=is_friend
        )

    def _orders(
        self, begins: datetime, kind: str, *, is_friend: bool, is_fan: bool
    ) -> Iterator[PlannedOrder]:
        """What somebody buys from that time on, up to the present."""
        moment, before, number = self._awake(begins), None, 0
        while moment < self._now:
            order = self._order(moment, before, number, is_fan=is_fan)
            yield order
            number, before = number + 1, order.codes[0]
            if not self._comes_back(order, kind, number, is_friend=is_friend, is_fan=is_fan):
                return
            moment = self._awake(moment + timedelta(days=self._gap_days(before, is_fan=is_fan)))

    def _order(self, at: datetime, before: str | None, number: int, *, is_fan: bool) -> PlannedOrder:
        """What is bought then; the bad product only at first, and by nobody who buys often."""
        month, chance = localtime.local(at).month, self._chance
        likes = [choose(before, month, chance) for _ in range(9)]
        first = next((code for code in likes if code != PUMP or (number == 0 and not is_fan)), SOAP)
        bought = {first: 2 if chance.random() < (0.1 if number == 0 else 0.3) else 1}
        more = chance.choice((1, 1, 2)) if is_fan else int(number > 0 and chance.random() < 0.4)
        for code in [each for each in likes[1:] if each != PUMP][:more]:
            bought[code] = min(3, bought.get(code, 0) + 1)
        ending = next((name for name, share in ENDINGS.items() if self._share("ending", name, share)), "")
        return PlannedOrder(at, tuple(bought.items()), ending)

    def _comes_back(
        self, order: PlannedOrder, kind: str, number: int, *, is_friend: bool, is_fan: bool
    ) -> bool:
        if is_fan:
            return number < MOST_OF_A_FAN and (number < FEWEST_OF_A_FAN or self._chance.random() < 0.9)
        if order.ending == "cancelled":
            return self._chance.random() < 0.3
        if PUMP in order.codes and number == 1:
            return self._share("back", "pump", BAD_PRODUCT_COMES_BACK)
        if number > 1:
            return self._share("on", kind, GOES_ON[kind])
        share = (FRIEND_COMES_BACK if is_friend else COMES_BACK)[kind]
        slow = 0.4 if causes.is_slow(order.at, self._now) else 1.0
        return self._share("back", kind, str(is_friend), share * slow)

    def _gap_days(self, code: str, *, is_fan: bool) -> int:
        mean, spread = LASTS_DAYS[code]
        days = self._chance.gauss(mean, spread)
        if is_fan:
            days *= 0.6
        elif self._chance.random() < 0.08:
            days *= 1.7
        return round(min(LONGEST_GAP_DAYS, max(SHORTEST_GAP_DAYS, days)))

    def _awake(self, moment: datetime) -> datetime:
        """On that day at an hour at which people shop; in February many wait until March."""
        local = localtime.local(moment)
        if local.month == 2 and self._chance.random() < 0.5:
            local += timedelta(days=self._chance.randint(14, 24))
        at = time(self._chance.choice(HOURS), self._chance.randint(0, 59))
        return max(moment, local.replace(hour=at.hour, minute=at.minute))

    def _with_friends(self, planned: list[Person]) -> list[Person]:
        """The same with those who were brought by another customer, where there is somebody who could have."""
        bringers = self._bringers(planned)
        brought = dict.fromkeys((each.user_id for each in bringers), 0)
        found = []
        for person in planned:
            long_before = person.joined_at - timedelta(days=20)
            known = [each for each in bringers if each.orders[0].at < long_before]
            if person.is_friend and known:
                friend = min(known, key=lambda each: brought[each.user_id] / (1 + min(3, len(each.orders))))
                brought[friend.user_id] += 1
                person = replace(person, friend_of=friend.user_id)
            found.append(person)
        return found

    def _bringers(self, planned: Sequence[Person]) -> list[Person]:
        """Those who bring friends: promoters who have been here for long and spend twice as much as others."""
        since = self._now - timedelta(days=365)
        spent = {each.user_id: each.spent_since(since) for each in planned}
        buying = [each for each in planned if spent[each.user_id]]
        others = sum(spent[each.user_id] for each in buying) / max(1, len(buying))
        until = self._now - HISTORY * 0.35
        could = [
            each for each in buying if each.kind == PROMOTER and each.joined_at < until and not each.is_friend
        ]
        could.sort(key=lambda each: -spent[each.user_id])
        bring, rest = could[2 : 2 + BRINGERS // 2], could[2 + BRINGERS // 2 :]
        while rest and sum(spent[each.user_id] for each in bring) > BRINGERS_SPEND * others * len(bring):
            bring.append(rest.pop())
        return bring


def arrivals(count: int, first: datetime, last: datetime, chance: random.Random) -> list[datetime]:
    """When so many people come between these times: more in busy months, and more as the shop grows."""
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    busy = [
        BUSY[localtime.local(day).month] * (1 + 0.3 * number / len(days)) for number, day in enumerate(days)
    ]
    sums = list(accumulate(busy))
    found, day = [], 0
    for number in range(count):
        wanted = (number + chance.random()) / count * sums[-1]
        while sums[day] < wanted and day < len(days) - 1:
            day += 1
        hour, minute = chance.choice(HOURS), chance.randint(0, 59)
        found.append(min(last, localtime.local(days[day]).replace(hour=hour, minute=minute)))
    return found
