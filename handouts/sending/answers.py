"""What an answer of a mail server means, as tables: whom it is about, and what a person can do about it.

The codes are those of RFC 5321 and RFC 3463, RFC 5530 for IMAP, and what Microsoft 365 and Google Workspace say of theirs
(learn.microsoft.com, “NDR error codes”; support.google.com/a/answer/3726730). The first row that fits is right. A permanent
answer (5xx) that no row knows is about our account: whoever comes next would fare the same, and nobody is marked for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from handouts.problems import Fault
from handouts.sending.transport import Outcome, Reply, UnusableServerError, one_line

# Where in a conversation an answer comes: to the password or token, to MAIL, to RCPT, to DATA and to the text.
Step = Literal["sign-in", "sender", "recipient", "text"]
Steps = tuple[Step, ...]
SIGN_IN: Steps = ("sign-in",)
SENDER: Steps = ("sender",)
TO_PERSON: Steps = ("recipient", "text")
ANYWHERE: Steps = (*SIGN_IN, *SENDER, *TO_PERSON)
USE_OAUTH = 'Sign in with a token: write auth = "microsoft" or auth = "google", as docs/mailing.md shows, and run: python3 build.py mail sign-in'
RUN_AGAIN = "Nobody was marked: run the same command again when that is mended."


@dataclass(frozen=True)
class Row:
    """Answers that fit `pattern`, at one of the `steps`, and what they mean."""

    steps: Steps
    pattern: str
    outcome: Outcome
    fault: Fault | None = None

    def fits(self, step: Step, said: str) -> bool:
        """Whether an answer at a step is one of this row."""
        return step in self.steps and re.search(self.pattern, said, re.IGNORECASE) is not None


def _code(*enhanced: str) -> str:
    """Return a pattern of enhanced status codes (RFC 3463), each whole: 5.2.2 is not the beginning of 5.2.252."""
    return rf"(?<![\d.])({'|'.join(map(re.escape, enhanced))})(?![\d.]*\d)"


APP_PASSWORD = Fault(
    "app-password-needed",
    "this account takes no usual password from programs",
    "Make an app password in the settings of the account, which needs 2-Step Verification, and give that one; or sign in with a token "
    '(auth = "google" or "microsoft").',
)
PASSWORDS_CLOSED = Fault("passwords-closed", "this server takes no passwords any more", USE_OAUTH)
SMTP_OFF = Fault(
    "smtp-sign-in-off",
    "sending by SMTP is turned off for this mailbox or the whole organisation",
    'Ask your administrator to turn on “Authenticated SMTP” for it, or write transport = "graph" into [sending].',
)
POLICY_CLOSED = Fault(
    "sign-in-forbidden",
    "a rule of the organisation forbids this sign-in",
    "Show this answer to your administrator; docs/mailing.md says what must be allowed.",
)
BROWSER_NEEDED = Fault(
    "browser-sign-in-needed",
    "the provider wants to see you in a browser first",
    "Sign in to the mailbox in a browser, answer what it asks, and run the same command again.",
)
NOT_TAKEN = Fault(
    "password-refused",
    "the server does not take user and password",
    "Check both; the password comes from the environment or the keyring.",
)
TOKEN_NOT_TAKEN = Fault(
    "token-refused",
    "the server does not take the sign-in",
    "Check that “user” is the mailbox that signed in, that your administrator allows the way (docs/mailing.md), and run: "
    "python3 build.py mail sign-in",
)
LETTERS_NOT_KNOWN = Fault(
    "password-not-plain",
    "this mailbox can be told only a password of plain letters, digits and signs, and yours holds others",
    "Choose another password, or an app password.",
)
NOT_READABLE = Fault(
    "sign-in-not-readable",
    "what the server asks at the sign-in cannot be read",
    "Show this answer to who runs the server.",
)
BUSY = Fault("server-busy", "the server is busy", "Run the same command again later.")

SENDER_REFUSED = Fault(
    "sender-not-allowed",
    "the server does not let this user send as the address in [from]",
    f"Write the address of the mailbox that signs in, or ask your administrator for the right to send as the other. {RUN_AGAIN}",
)
SENDER_BLOCKED = Fault(
    "sender-blocked",
    "the provider has shut this mailbox off from sending",
    f"Ask your administrator, or the provider. {RUN_AGAIN}",
)
QUOTA = Fault(
    "quota-reached",
    "the provider takes no more from this mailbox for now: its limit is reached",
    "Nobody was marked: run the same command again tomorrow, it goes on where it stopped.",
)
TOO_LARGE = Fault(
    "message-too-large",
    "the server says that the e-mail is too large",
    f"Ask your administrator for a higher limit. {RUN_AGAIN}",
)
NOT_SIGNED_IN = Fault(
    "sign-in-needed",
    "the server wants a sign-in before it takes an e-mail",
    f'Write another auth than "none". {RUN_AGAIN}',
)
POLICY = Fault(
    "policy",
    "a rule of the server keeps the e-mail from going",
    f"Show this answer to who runs the server. {RUN_AGAIN} Where it is about one person alone, take the line out of the list.",
)
NOTHING = Fault(
    "server-takes-nothing",
    "the server takes nothing from us",
    f"Show this answer to who runs the server. {RUN_AGAIN} Where it is about one person alone, take the line out of the list.",
)

PERSON = ("5.1.1", "5.1.2", "5.1.3", "5.1.10", "5.2.1", "5.2.2")
NO_SUCH_PERSON = (
    r"\b(no such|unknown|invalid|non-?existent) (user|mailbox|recipient|account|address|local part)\b"
    r"|\b(user|mailbox|recipient|account|address)( \S+)? (is )?(unknown|invalid|not found|not here|does(n.t| not) exist|full|inactive|disabled|unavailable)\b"
)
FROM_US = (
    r"send ?as|on behalf|sender|from address|outbound|(sending|submission|daily|hourly) .{0,20}(limit|quota)"
)

SMTP: tuple[Row, ...] = (
    Row(ANYWHERE, r"^2\d\d\b", "sent"),
    Row(SIGN_IN, r"^4\d\d\b", "slow", BUSY),
    Row(SIGN_IN, r"smtp ?client ?auth\w* is disabled|smtpclientauthentication", "stop", SMTP_OFF),
    Row(SIGN_IN, r"basic auth\w* is (disabled|blocked|not)|(legacy|basic) auth", "stop", PASSWORDS_CLOSED),
    Row(SIGN_IN, rf"{_code('5.7.9')}|app\w*[- ](specific )?password", "stop", APP_PASSWORD),
    Row(SIGN_IN, rf"{_code('5.7.14')}|web ?browser|web login", "stop", BROWSER_NEEDED),
    Row(
        SIGN_IN,
        r"security defaults|did not meet the criteria|conditional access|locked|too many",
        "stop",
        POLICY_CLOSED,
    ),
    Row(SIGN_IN, "", "stop", NOT_TAKEN),
    # Put off: a mailbox of one person, or a server that puts off whom it does not know yet; else all of us.
    Row(TO_PERSON, r"^4(?!21|32).*(gr[ae]y.?list| 4\.[12]\.\d)", "put-off"),
    Row(
        ANYWHERE,
        r"^(421|432|454)\b|^4\d\d[ -](4\.7\.|4\.3\.[125]|4\.4\.5)|^4.*(throttl|\brate|too (many|fast)|slow down)",
        "slow",
        BUSY,
    ),
    Row(SENDER, r"^4\d\d\b", "slow", BUSY),
    Row(ANYWHERE, r"^4\d\d\b", "put-off"),
    Row(ANYWHERE, _code("5.1.8", "5.7.501", "5.7.502", "5.7.503", "5.7.750"), "stop", SENDER_BLOCKED),
    Row(ANYWHERE, _code("5.2.252", "5.7.60", "5.1.7"), "stop", SENDER_REFUSED),
    Row(ANYWHERE, _code("5.4.5", "5.7.705", "5.7.708"), "stop", QUOTA),
    Row(ANYWHERE, _code("5.3.4", "5.2.3"), "stop", TOO_LARGE),
    Row(ANYWHERE, _code("5.7.57") + r"|^530\b", "stop", NOT_SIGNED_IN),
    Row(TO_PERSON, rf"^5\d\d[ -]{_code(*PERSON)}(?!.*({FROM_US}))", "refused"),
    # By words, where the codes say little.
    Row(ANYWHERE, r"^5.*(send ?as ?denied|sender.*(denied|rejected|refused|not)|not (allowed|permitted|authori[sz]ed) to send)", "stop", SENDER_REFUSED),
    Row(ANYWHERE, r"^5.*\b(sending|daily|hourly|message|submission) (\w+ )?(limit|quota)", "stop", QUOTA),
    Row(ANYWHERE, r"^5.*(message (\w+ )?(size|length)|too (large|big))", "stop", TOO_LARGE),
    Row(ANYWHERE, r"^5.*(authentication (is )?required|not authenticated)", "stop", NOT_SIGNED_IN),
    Row(("recipient",), rf"^55[0-4]\b(?!.*({FROM_US})).*({NO_SUCH_PERSON})", "refused"),
    Row(ANYWHERE, r"^5\d\d[ -]5\.7\.", "stop", POLICY),
    Row(SENDER, r"^5\d\d\b", "stop", SENDER_REFUSED),
    Row(ANYWHERE, r"^5\d\d\b", "stop", NOTHING),
    Row(("text",), "", "unsure"),  # the text was handed over, and what came back is not SMTP
    Row(ANYWHERE, "", "not-sent"),
)  # fmt: skip

MAILBOX_FULL = Fault("mailbox-full", "the mailbox is full", f"Make room in it, or ask for more. {RUN_AGAIN}")
IMAP_OFF = Fault(
    "imap-off",
    "programs may not open this mailbox by IMAP",
    'Turn IMAP on in its settings, or ask your administrator; with Microsoft 365 transport = "graph" does without.',
)
NO_FOLDER = Fault(
    "mailbox-folder-missing",
    "the mailbox does not have the folder",
    f"Write its name into “drafts” or “sent” of [imap], as the mailbox has it. {RUN_AGAIN}",
)
IMAP: tuple[Row, ...] = (
    Row(
        ANYWHERE,
        r"^\* BYE|\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)|too many|try again later|temporar|\brate ?limit",
        "slow",
        BUSY,
    ),
    Row(SIGN_IN, r"app\w*[- ](specific )?password", "stop", APP_PASSWORD),
    Row(SIGN_IN, r"basic auth|LOGINDISABLED|\[PRIVACYREQUIRED", "stop", PASSWORDS_CLOSED),
    Row(SIGN_IN, r"not enabled for imap|imap (access )?is (disabled|not)", "stop", IMAP_OFF),
    Row(SIGN_IN, r"web ?browser|\[WEBALERT|web login", "stop", BROWSER_NEEDED),
    Row(SIGN_IN, r"\[(AUTHORIZATIONFAILED|EXPIRED|CONTACTADMIN)", "stop", POLICY_CLOSED),
    Row(SIGN_IN, "", "stop", NOT_TAKEN),
    Row(TO_PERSON, r"\[(TRYCREATE|NONEXISTENT)", "stop", NO_FOLDER),
    Row(TO_PERSON, r"\[(OVERQUOTA|TOOBIG)|quota|\bfull\b", "stop", MAILBOX_FULL),
    Row(TO_PERSON, "", "stop", NOTHING),
)

NO_RIGHT = Fault(
    "right-missing",
    "the sign-in does not have the right for this",
    "Ask your administrator to consent to Mail.Send, and Mail.ReadWrite for drafts, then run: python3 build.py mail sign-in",
)
GRAPH: tuple[Row, ...] = (
    Row(ANYWHERE, r"^20[12]\b", "sent"),
    Row(ANYWHERE, r"^(429|503|509)\b", "slow", BUSY),
    Row(ANYWHERE, r"^401\b", "stop", TOKEN_NOT_TAKEN),
    Row(ANYWHERE, r"SendAsDenied|ErrorSendAs", "stop", SENDER_REFUSED),
    Row(ANYWHERE, r"QuotaExceeded|SubmissionQuota|ErrorExceededMessageLimit", "stop", QUOTA),
    Row(ANYWHERE, r"^413\b|MessageSizeExceeded", "stop", TOO_LARGE),
    Row(ANYWHERE, r"ErrorInvalidRecipients", "refused"),
    Row(ANYWHERE, r"^403\b", "stop", NO_RIGHT),
    # It failed on their side, and no one can tell whether before or after it was taken.
    Row(ANYWHERE, r"^(408|5\d\d)\b", "unsure"),
    Row(ANYWHERE, r"^4\d\d\b", "stop", NOTHING),
    Row(ANYWHERE, "", "unsure"),
)


def meaning(rows: Iterable[Row], step: Step, said: str, *, by: str = "the server") -> Reply:
    """Return what an answer at a step means: with the words of whom it is `by`, and what to do where it is about us."""
    line = one_line(0, said)
    row = next(each for each in rows if each.fits(step, line))
    return Reply(row.outcome, line, row.fault and quoting(row.fault, line, by=by))


def quoting(fault: Fault, said: str, *, offers: str = "", by: str = "the server") -> Fault:
    """Return a fault with the words of the server, and with the ways of signing in that it offers, where they are known."""
    told = [f"{by} says: {said.rstrip('.')}"] if said else []
    told += [f"it offers: {offers}"] if offers else []
    words = f" ({'; '.join(told)})" if told else ""
    return replace(fault, what=f"{fault.what}{words}.")


def sign_in_error(
    rows: Iterable[Row], said: str, offers: Iterable[str], *, by_token: bool
) -> UnusableServerError:
    """Return the error of a sign-in that was refused, by the server's own words and the ways that it offers."""
    line = one_line(0, said)
    row = next(each for each in rows if each.fits("sign-in", line))
    fault = row.fault or NOT_TAKEN
    if by_token and fault in {NOT_TAKEN, PASSWORDS_CLOSED}:
        fault = TOKEN_NOT_TAKEN
    told = quoting(fault, line, offers=", ".join(offers))
    return UnusableServerError(told, is_temporary=row.outcome == "slow", said=line)


def no_way(offers: Iterable[str], *, by_token: bool) -> UnusableServerError:
    """Return the error of a server that does not offer the way to sign in that the settings name; nothing was sent to it."""
    offered = ", ".join(offers)
    if by_token:
        fix = 'Check “host”, or write auth = "password".'
        fault = Fault("tokens-not-taken", "this server takes no tokens (XOAUTH2)", fix)
    else:
        fault = replace(PASSWORDS_CLOSED, what="this server takes no password over this connection")
    return UnusableServerError(quoting(fault, "", offers=offered or "no way to sign in"))
