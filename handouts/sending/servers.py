"""The clinic's own servers: which transport serves what, and a connection that can be trusted or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from handouts.problems import SourceError
from handouts.sending.graph import Graph
from handouts.sending.imap import SEEN, Folder
from handouts.sending.run import Watch
from handouts.sending.settings import Purpose, Settings, server_for
from handouts.sending.sign_in import Secret
from handouts.sending.smtp import Smtp
from handouts.sending.transport import Transport, UnusableServerError


def transport_for(settings: Settings, purpose: Purpose, secret: Secret) -> Transport:
    """Return the transport for a purpose: SMTP sends, IMAP puts drafts into the mailbox, and Graph does both."""
    if settings.way == "graph":
        return Graph(secret, purpose)
    server = server_for(settings, purpose)
    return Smtp(server, secret) if purpose == "smtp" else Folder(server, secret, settings.drafts)


def copies_for(settings: Settings, secret: Secret) -> Folder:
    """Return the folder that copies of what was sent are put into."""
    return Folder(server_for(settings, "imap"), secret, settings.sent, name="copies", flag=SEEN)


@contextmanager
def connected(transport: Transport, settings: Settings, watch: Watch) -> Iterator[Transport]:
    """Open the connection of a transport for as long as it is used. Raises SourceError where the server cannot be used.

    A server that has no time is asked again after the times of the settings.
    """
    _open(transport, settings.retries, watch)
    try:
        yield transport
    finally:
        transport.__exit__(None, None, None)


def _open(transport: Transport, waits: tuple[int, ...], watch: Watch) -> None:
    """Open a connection, at once or after the waits."""
    for wait in (*waits, None):
        try:
            transport.__enter__()
        except UnusableServerError as error:
            if wait is None or not error.is_temporary:
                raise SourceError([error.problem(transport.where)]) from error
            watch.wait(max(wait, error.after), f"for {transport.where}: {error.fault.what.rstrip('.')}")
        else:
            return
