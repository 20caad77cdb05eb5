"""An e-mail as bytes: text, HTML with its picture, and the handout as PDF; then addressed to one person.

Built by the standard library's older classes (policy compat32), which write a header that was encoded
once and leave it alone: its newer ones fold some subjects so that they come out wrong (3.11).
"""

from __future__ import annotations

import email.policy
import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
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

PDF_FILE, PICTURE_FILE = "information.pdf", "picture.png"
CRLF = b"\r\n"
WIRE_POLICY = email.policy.compat32.clone(linesep="\r\n")
# So that no absence note answers (RFC 3834; MS-OXCMAIL 2.2.3.2.14), which would tell the clinic's system who is away.
ROBOTS = (("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"))
QUOTED_FROM = (
    0.7  # share of ASCII letters from which quoted-printable is shorter than base64, and can be read
)


@dataclass(frozen=True)
class Contents:
    """What an e-mail holds. `picture` is a PNG, empty where there is none; `cid` is its Content-ID in the HTML."""

    subject: str
    language: str
    text: str
    html: str
    pdf: bytes
    picture: bytes = b""
    cid: str = ""


@dataclass(frozen=True)
class Headers:
    """Who writes to whom, when, and under which Message-ID. What is empty is left out of a draft.

    `seconds` are those since 1970; `prefix` stands before the subject.
    """

    to: str
    to_name: str = ""
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    message_id: str = ""
    seconds: float = 0.0
    prefix: str = ""


def unsent_email(contents: Contents) -> bytes:
    """Return an e-mail to no one yet: `X-Unsent`, no From, To, Date or Message-ID; the same bytes for the same input.

    Its structure: mixed(alternative(text, related(HTML, picture)), PDF).
    """
    seed = hashlib.sha256(repr(astuple(contents)).encode()).hexdigest()[:24]
    html: MIMEBase = _text(contents.html, "html", contents.language)
    if contents.picture:
        image = MIMEImage(contents.picture, "png", name=PICTURE_FILE)
        image.add_header("Content-ID", f"<{contents.cid}>")
        image.add_header("Content-Disposition", "inline", filename=PICTURE_FILE)
        html = _multipart("related", seed, [html, image])
        html.set_param("type", "text/html")
    pdf = MIMEApplication(contents.pdf, "pdf", name=PDF_FILE)
    pdf.add_header("Content-Disposition", "attachment", filename=PDF_FILE)
    body = _multipart("alternative", seed, [_text(contents.text, "plain", contents.language), html])
    whole = _multipart("mixed", seed, [body, pdf])
    whole["Content-Language"] = contents.language
    whole["Subject"] = Header(contents.subject, "utf-8", header_name="Subject")  # type: ignore[assignment] # compat32 takes both
    whole["X-Unsent"] = "1"
    return _bytes(whole)


def _text(text: str, subtype: str, language: str) -> MIMENonMultipart:
    """Return a text part, in quoted-printable where that can be read, else in base64; never in eight bits."""
    encoding = charset.Charset("utf-8")
    readable = sum(letter.isascii() for letter in text) > QUOTED_FROM * len(text)
    encoding.body_encoding = charset.QP if readable else charset.BASE64
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(text, encoding)
    part["Content-Language"] = language
    return part


def _multipart(subtype: str, seed: str, parts: Sequence[MIMEBase]) -> MIMEMultipart:
    """Return a part that holds others; a boundary with “=_” in it occurs in no encoded text (RFC 2045, 6.7)."""
    whole = MIMEMultipart(subtype, boundary=f"=_{subtype}_{seed}")
    for part in parts:
        del part["MIME-Version"]
        whole.attach(part)
    return whole


def _bytes(whole: MIMEBase) -> bytes:
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False, policy=WIRE_POLICY).flatten(whole)
    return written.getvalue()


def addressed(unsent: bytes, headers: Headers) -> bytes:
    """Return an e-mail to one person: with a sender ready to be sent, without one still a draft.

    Raises ValueError where anything in the headers could become another header.
    """
    head, _, body = unsent.partition(CRLF * 2)
    kept = [_prefixed(line, headers.prefix) for line in _unfolded(head)]
    if headers.sender:
        kept = [line for line in kept if not line.lower().startswith(b"x-unsent:")]
    lines = [*_lines(headers), *kept]
    whole = CRLF.join(lines) + CRLF * 2 + body
    names = [name.lower() for name, _ in message_from_bytes(whole, policy=email.policy.compat32).items()]
    if len(names) != len(set(names)) or len(names) != len(lines) or {"bcc", "cc"} & set(names):
        raise ValueError("a header was added, or stands there twice")
    return whole


def prefixed(unsent: bytes, prefix: str) -> bytes:
    """Return an e-mail with a prefix before its subject. Raises ValueError for one that may not stand in a header."""
    head, _, body = unsent.partition(CRLF * 2)
    return CRLF.join(_prefixed(line, prefix) for line in _unfolded(head)) + CRLF * 2 + body


def _prefixed(line: bytes, prefix: str) -> bytes:
    """Return a header line, with the prefix before the text where it is the subject. Raises ValueError for a prefix that may not stand in a header."""
    if not prefix or not line.lower().startswith(b"subject:"):
        return line
    fault = name_fault(prefix)
    if fault:
        raise ValueError(fault)
    # A space between two encoded words is none (RFC 2047, 6.2), so that of an encoded prefix is inside of it.
    coded = prefix if prefix.isascii() else Header(f"{prefix} ", "utf-8", header_name="Subject").encode()
    return b"Subject: " + coded.encode("ascii") + CRLF + b" " + line.partition(b":")[2].strip()


def _unfolded(head: bytes) -> list[bytes]:
    """Return the header lines of an e-mail, each with its continuation lines."""
    found: list[bytes] = []
    for line in head.split(CRLF):
        if line[:1] in {b" ", b"\t"} and found:
            found[-1] += CRLF + line
        else:
            found.append(line)
    return found


def _lines(headers: Headers) -> list[bytes]:
    """Return the headers as lines, in the usual order."""
    given = [
        ("From", headers.sender and _mailbox(headers.sender, headers.sender_name)),
        ("To", _mailbox(headers.to, headers.to_name)),
        ("Reply-To", headers.reply_to and _mailbox(headers.reply_to, "")),
        ("Date", formatdate(headers.seconds) if headers.sender else ""),
        ("Message-ID", f"<{headers.message_id}>" if headers.message_id else ""),
        *(ROBOTS if headers.sender else ()),
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
