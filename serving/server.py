"""The process that listens: one event loop for all connections, threads for the application behind it."""

import asyncio
import logging
import os
import resource
import signal
import socket
from dataclasses import replace

import uvicorn

from serving.connections import Connection, Limits, with_limits
from serving.wsgi import FromWsgi

WAITING_CONNECTIONS = 2_048
FILES_BESIDE_CONNECTIONS = 200
SHARE_TO_MAKE_ROOM = 10
TICKS_A_SECOND = 10
STOP_SECONDS = 4
LAST_BODY_SECONDS = 1.0


class CannotListen(Exception):
    """The address cannot be used. The text says why, and `reason` is the system's word for it."""

    def __init__(self, address: str, port: int, reason: str) -> None:
        super().__init__(f"Port {port} of {address} cannot be used: {reason}.")
        self.address, self.port, self.reason = address, port, reason


class Server(uvicorn.Server):
    """uvicorn's server, which also closes connections that take too long or are too many."""

    def __init__(self, app: FromWsgi, limits: Limits) -> None:
        self._limits = replace(
            limits, connections=min(limits.connections, _raise_file_limit() - FILES_BESIDE_CONNECTIONS)
        )
        super().__init__(
            uvicorn.Config(
                app,
                http=with_limits(self._limits),
                loop="uvloop",
                ws="none",
                lifespan="off",
                proxy_headers=False,  # which proxies to trust is left to the application
                server_header=False,
                access_log=False,
                log_config=None,
                timeout_keep_alive=int(limits.idle_seconds),
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second: closes connections that are overdue or too many."""
        if counter % TICKS_A_SECOND == 0:
            now = asyncio.get_running_loop().time()
            for connection in self._connections():
                if connection.is_overdue(now):
                    connection.give_up()
        if len(self.server_state.connections) > self._limits.connections:
            self._make_room()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Requests whose body has come may be answered; the others have a moment for the rest of it."""
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)  # the requests it cancels are expected
        asyncio.get_running_loop().call_later(LAST_BODY_SECONDS, self._end_receiving)
        await super().shutdown(sockets)

    def _end_receiving(self) -> None:
        for connection in self._connections():
            if connection.is_receiving:
                connection.give_up()

    def _make_room(self) -> None:
        """Close those that have been idle for longest."""
        idle = sorted((each for each in self._connections() if each.is_idle), key=lambda each: each.since)
        too_many = len(self.server_state.connections) - self._limits.connections
        for connection in idle[: too_many + len(idle) // SHARE_TO_MAKE_ROOM]:
            connection.give_up()

    def _connections(self) -> list[Connection]:
        return [each for each in self.server_state.connections if isinstance(each, Connection)]


def serve(app: FromWsgi, address: str, port: int, limits: Limits = Limits()) -> None:  # noqa: B008 -- frozen
    """Serve until SIGTERM or SIGINT, then end this process; requests in progress have a few seconds.

    Raises CannotListen when the port is taken.
    """
    listener = listen(address, port)
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # clients' faults would fill the log
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)  # uvicorn raises the signal once more when all is done
    Server(app, limits).run([listener])
    app.threads.shutdown(wait=False, cancel_futures=True)
    os._exit(0)  # a thread that still waits would hold up the process


def listen(address: str, port: int) -> socket.socket:
    """A listening socket at that address; port 0 is any free port. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        raise CannotListen(address, port, error.strerror or str(error)) from error
    listener.listen(WAITING_CONNECTIONS)
    return listener


def _raise_file_limit() -> int:
    """How many files this process may have open, after raising its limit as far as allowed."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most if most != resource.RLIM_INFINITY else 1_000_000
