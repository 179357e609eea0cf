"""The demo's LINE platform in a process of its own, with that many friends of the shop, for `campaign_sent.py`:
`python -m benchmarks.campaign_platform PORT FRIENDS LATENCY_SECONDS`.

Beside LINE's calls it answers /figures (messages delivered, month's pushes), /people (the deliveries of each person)
and /limit/<n> (sets the month's quota; 0 for none).
"""

import sys
import threading
from collections import Counter
from typing import Any

from flask import Response, jsonify

from benchmarks.measure import SECRET, TOKEN
from demo.line.accounts import Friendship
from demo.line.timeline import Entry
from demo.phone.platform import Platform, create_platform


def main() -> None:
    port, count, latency_seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    platform = create_platform(channel_secret=SECRET, access_token=TOKEN)
    for number in range(1, count + 1):
        person = platform.channel.people.add("", user_id(number), on_phone=False)
        person.friendship = Friendship.FRIEND
    platform.faults.latency_seconds = latency_seconds
    _watch(platform)
    platform.serve(port)
    threading.Event().wait()


def user_id(number: int) -> str:
    """The LINE user with that number."""
    return f"U{number:032d}"


def _watch(platform: Platform) -> None:
    """Count what reaches each person, and answer the benchmark's questions."""
    channel, deliveries = platform.channel, Counter[str]()
    add = channel.timeline.add

    def counted(entry: Entry) -> Entry:
        deliveries[entry.owner] += 1
        return add(entry)

    channel.timeline.add = counted  # type: ignore[method-assign]

    @platform.app.get("/figures")
    def figures() -> Response:
        calls = Counter(f"{call.endpoint} {call.status}" for call in platform.calls)
        found: dict[str, Any] = {"delivered": deliveries.total(), "used": channel.quota.used(channel.clock())}
        return jsonify(found | {"calls": calls})

    @platform.app.get("/people")
    def people() -> Response:
        return jsonify(deliveries)

    @platform.app.get("/limit/<int:count>")
    def limit(count: int) -> str:
        channel.quota.limit = count or None
        return ""


if __name__ == "__main__":
    main()
