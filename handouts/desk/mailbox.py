"""The clinic's own mailbox: an e-mail to no one yet is put among its drafts, where a person types the address."""

from __future__ import annotations

from dataclasses import dataclass

from handouts.mail.message import prefixed
from handouts.problems import Problem, SourceError, refuse
from handouts.sending.servers import transport_for
from handouts.sending.settings import Settings
from handouts.sending.tokens import secret_for
from handouts.sending.transport import UnusableServerError

UNSURE_FIX = "Look into the drafts before you try again: it may be there."
FILE_FIX = "Save the draft as a file instead."


@dataclass(frozen=True)
class Mailbox:
    """A mailbox, by the settings of its server."""

    settings: Settings

    def put(self, draft: bytes) -> None:
        """Put a draft into the mailbox, by a connection of its own. Raises SourceError where the server cannot be used or refuses it."""
        transport = transport_for(self.settings, "imap", secret_for(self.settings, "imap"))
        try:
            with transport as line:
                reply = line.hand_over(prefixed(draft, self.settings.subject_prefix), "", "")
        except UnusableServerError as error:
            raise SourceError([error.problem(transport.where)]) from error
        if reply.outcome == "sent":
            return
        what = reply.fault.what if reply.fault else f"it did not take the draft ({reply.text})."
        fix = reply.fault.fix if reply.fault else UNSURE_FIX if reply.outcome == "unsure" else FILE_FIX
        refuse([Problem("draft-not-taken", transport.where, what, fix)])
