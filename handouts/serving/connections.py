"""Connections of our web servers: as many as a browser needs, and none that keeps others waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import cast

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 200  # that are waited for at once: a browser opens six to one address
IDLE_TIME = 5.0  # seconds


class BoundedConnection(H11Protocol):
    """A connection that is closed where its other end is not quick.

    Within `patience` it must have asked for something in full, counted from its beginning or from the last answer
    (whatever trickles in meanwhile), and must have read what it was told. Where `most` are waited for, the one that has
    been waited for longest makes room for the new one. With those that are being answered, event streams too, there are
    at most twice as many, of the 1024 files that a process may hold; one more is turned away.
    """

    most, patience = MOST_CONNECTIONS, IDLE_TIME

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection, and wait for a request."""
        super().connection_made(cast("asyncio.Transport", transport))
        self.timer: asyncio.TimerHandle | None = None
        self._wait()
        others = [each for each in self._open() if each is not self]
        waiting = [each for each in others if each.timer]
        if len(waiting) >= self.most:
            min(waiting, key=BoundedConnection.deadline).give_up()
        elif len(others) >= 2 * self.most:
            self.give_up()

    def handle_events(self) -> None:
        """Take in what came; where a request is complete there is nothing to wait for."""
        super().handle_events()
        if self._is_answering() and not self.flow.write_paused:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._wait()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for what was written to be read."""
        super().pause_writing()
        self._wait()

    def resume_writing(self) -> None:
        """Go on with the answer."""
        super().resume_writing()
        if self._is_answering():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def deadline(self) -> float:
        """Return when the waiting ends."""
        return self.timer.when() if self.timer else 0.0

    def give_up(self) -> None:
        """Close the connection at once, whatever has not been read of it."""
        self._stop_waiting()
        self.transport.abort()

    def _open(self) -> Iterable[BoundedConnection]:
        """Return the connections that are not about to be closed."""
        known = cast("set[BoundedConnection]", self.connections)
        return [each for each in known if not each.transport.is_closing()]

    def _is_answering(self) -> bool:
        """Whether a request is there in full, its body too, and being answered; `cycle` is set with the first."""
        return bool(self.cycle) and not self.cycle.response_complete and not self.cycle.more_body

    def _wait(self) -> None:
        """Close the connection in a while, unless what is waited for comes."""
        self._stop_waiting()
        if not self.transport.is_closing():
            self.timer = self.loop.call_later(self.patience, self.give_up)

    def _stop_waiting(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer = None
