"""An e-mail as bytes: text, HTML with its picture, and the handout on paper; then addressed to one person.

Built by the standard library's older classes (policy compat32), which write a header that was encoded
once and leave it alone: its newer ones fold some subjects so that they come out wrong (3.11).
"""

from __future__ import annotations

import email.policy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email import charset, message_from_bytes
from email.generator import BytesGenerator
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import formataddr, formatdate
from io import BytesIO

from handouts.mail.addresses import address_fault, name_fault

FILE, PICTURE_FILE = "information.pdf", "picture.png"
CRLF = b"\r\n"
LINES = email.policy.compat32.clone(linesep="\r\n")
MOSTLY = 0.7  # of a text in ASCII: quoted-printable is the shorter way, and can be read


@dataclass(frozen=True)
class Parcel:
    """What a message is made of. `picture` is empty where there is none; `cid` is its name in the HTML."""

    subject: str
    language: str
    text: str
    html: str
    pdf: bytes
    picture: bytes = b""
    cid: str = ""


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, and the message's own name and day. Empty parts are left out of a draft."""

    to: str
    to_name: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    message_id: str = ""
    seconds: float = 0.0


def draft(parcel: Parcel) -> bytes:
    """Return a message to no one yet: `X-Unsent`, no From, To, Date or Message-ID; the same bytes for the same input.

    Its structure: mixed(alternative(text, related(HTML, picture)), paper).
    """
    seed = hashlib.sha256(repr(parcel).encode()).hexdigest()[:24]
    shown: MIMEBase = _text(parcel.html, "html", parcel.language)
    if parcel.picture:
        image = MIMEImage(parcel.picture, "png", name=PICTURE_FILE)
        image.add_header("Content-ID", f"<{parcel.cid}>")
        image.add_header("Content-Disposition", "inline", filename=PICTURE_FILE)
        shown = _multipart("related", seed, [shown, image])
        shown.set_param("type", "text/html")
    paper = MIMEApplication(parcel.pdf, "pdf", name=FILE)
    paper.add_header("Content-Disposition", "attachment", filename=FILE)
    said = _multipart("alternative", seed, [_text(parcel.text, "plain", parcel.language), shown])
    whole = _multipart("mixed", seed, [said, paper])
    whole["Content-Language"] = parcel.language
    whole["Subject"] = Header(parcel.subject, "utf-8", header_name="Subject")  # type: ignore[assignment] # compat32 takes both
    whole["X-Unsent"] = "1"
    return _bytes(whole)


def _text(text: str, subtype: str, language: str) -> MIMENonMultipart:
    """Return a text part, in quoted-printable where that can be read, else in base64; never in eight bits."""
    way = charset.Charset("utf-8")
    readable = sum(letter.isascii() for letter in text) > MOSTLY * len(text)
    way.body_encoding = charset.QP if readable else charset.BASE64
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(text, way)
    part["Content-Language"] = language
    return part


def _multipart(subtype: str, seed: str, parts: Sequence[MIMEBase]) -> MIMEMultipart:
    """Return parts in one; a boundary with “=_” cannot stand in any encoded text."""
    whole = MIMEMultipart(subtype, boundary=f"=_{subtype}_{seed}")
    for part in parts:
        del part["MIME-Version"]
        whole.attach(part)
    return whole


def _bytes(message: MIMEBase) -> bytes:
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=LINES).flatten(message)
    return written.getvalue()


def addressed(made: bytes, envelope: Envelope) -> bytes:
    """Return a message to one person: the draft with their address, and with a sender ready to be sent.

    Raises ValueError where anything in the envelope could become another header.
    """
    head, _, body = made.partition(CRLF * 2)
    kept = _unfolded(head)
    if envelope.sender:
        kept = [line for line in kept if not line.lower().startswith(b"x-unsent:")]
    lines = [*_lines(envelope), *kept]
    whole = CRLF.join(lines) + CRLF * 2 + body
    names = [name.lower() for name, _ in message_from_bytes(whole, policy=email.policy.compat32).items()]
    if len(names) != len(set(names)) or len(names) != len(lines) or {"bcc", "cc"} & set(names):
        raise ValueError("a header was added that no one asked for")
    return whole


def _unfolded(head: bytes) -> list[bytes]:
    """Return the headers, each with its continuation lines."""
    found: list[bytes] = []
    for line in head.split(CRLF):
        if line[:1] in {b" ", b"\t"} and found:
            found[-1] += CRLF + line
        else:
            found.append(line)
    return found


def _lines(envelope: Envelope) -> list[bytes]:
    """Return the headers of an envelope, in the usual order."""
    given = [
        ("From", envelope.sender and _mailbox(envelope.sender, envelope.sender_name)),
        ("To", _mailbox(envelope.to, envelope.to_name)),
        ("Reply-To", envelope.reply_to and _mailbox(envelope.reply_to, "")),
        ("Date", formatdate(envelope.seconds) if envelope.sender else ""),
        ("Message-ID", f"<{envelope.message_id}>" if envelope.message_id else ""),
    ]
    return [f"{name}: {value}".encode("ascii") for name, value in given if value]


def _mailbox(address: str, name: str) -> str:
    """Return a name and an address as a header has them. Raises ValueError for what is neither."""
    fault = address_fault(address) or (name_fault(name) if name else "")
    if fault:
        raise ValueError(fault)
    if not name or name.isascii():
        return formataddr((name, address))
    encoded = Header(name, "utf-8", header_name="Reply-To", maxlinelen=75).encode(linesep="\r\n")
    return f"{encoded} <{address}>"
