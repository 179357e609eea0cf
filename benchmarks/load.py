"""Posts signed webhook bodies over keep-alive connections for some seconds; prints its measurements as JSON.

    python -m benchmarks.load PORT PATH SECONDS EVENTS_A_BODY [CONNECTIONS [MOST_BODIES [CUSTOMERS]]]

It runs in a process of its own, and signs every body before it begins to measure.
"""

import asyncio
import json
import sys
import time

from benchmarks import measure

WARM_SECONDS = 0.4


async def connection(
    port: int, requests: list[bytes], until: float, seen: list[tuple[float, float, bool]]
) -> None:
    """Post one body after the other; record when each response came, how long it took, and whether it was good."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests and time.perf_counter() < until:
        begun = time.perf_counter()
        writer.write(requests.pop())
        head = await reader.readuntil(b"\r\n\r\n")
        at = head.lower().index(b"content-length:")
        await reader.readexactly(int(head[at + 15 :].split(b"\r\n", 1)[0]))
        now = time.perf_counter()
        seen.append((now, now - begun, head.startswith(b"HTTP/1.1 200")))
    writer.close()


def request(path: str, size: int, customers: int) -> bytes:
    """A whole HTTP request with that many new events."""
    signature, raw = measure.signed(measure.events(size, customers))
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    head += f"x-line-signature: {signature}\r\nContent-Length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


async def main(
    port: int,
    path: str,
    seconds: float,
    size: int,
    connections: int = 32,
    most: int = 0,
    customers: int = 1000,
) -> None:
    """Measure and print."""
    count = most or int(seconds * 4500 / (1 if size == 1 else 6))
    requests = [request(path, size, customers) for _ in range(count)]
    seen: list[tuple[float, float, bool]] = []
    begun = time.perf_counter()
    await asyncio.gather(
        *(connection(port, requests, begun + seconds, seen) for _ in range(connections)),
        return_exceptions=False,
    )
    warm = begun + (0 if most else WARM_SECONDS)
    taken = sorted(took for at, took, _ in seen if at > warm)
    last = max(at for at, _, _ in seen)
    print(
        json.dumps(
            {
                "rate": len(taken) / (last - warm),
                "p50_ms": taken[len(taken) // 2] * 1000,
                "p99_ms": taken[int(len(taken) * 0.99)] * 1000,
                "longest_ms": taken[-1] * 1000,
                "refused": sum(not good for _, _, good in seen),
                "count": len(seen),
            }
        )
    )


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[4:]]
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), *numbers))
