"""The parsers that messages are held against agree with each other, and see what is wrong."""

from __future__ import annotations

import pytest

from tests.conftest import NOTHING_SKIPPED
from tests.parsers import PARSERS, Parsed, Part, missing

SUBJECT = "Ihre Broschüre – نشرتك · 人际"
PICTURE, PAPER = b"\x89PNG\r\n\x1a\n\x00\xff", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n%%EOF\n"
# Written out by hand: what one of the parsers' own libraries wrote, it would read whatever it says.
MESSAGE = b"""\
From: Clinic <clinic@example.org>\r
To: <patient@example.org>\r
Subject: =?utf-8?q?Ihre_Brosch=C3=BCre_?=\r
 =?utf-8?b?4oCTINmG2LTYsdiq2YM=?= =?utf-8?q?_=C2=B7_=E4=BA=BA=E9=99=85?=\r
Content-Language: ar\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="m"\r
\r
--m\r
Content-Type: multipart/alternative; boundary="a"\r
\r
--a\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: base64\r
\r
2YXYsdit2KjYpwoxMyAxMSAxNAo=\r
--a\r
Content-Type: multipart/related; boundary="r"\r
\r
--r\r
Content-Type: text/html; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
<p>Gr=C3=BC=C3=9Fe <img src=3D"cid:circle@handouts" alt=3D"" width=3D"1" heigh=\r
t=3D"1"></p>\r
--r\r
Content-Type: image/png\r
Content-Transfer-Encoding: base64\r
Content-ID: <circle@handouts>\r
Content-Disposition: inline; filename="circle.png"\r
\r
iVBORw0KGgoA/w==\r
--r--\r
--a--\r
--m\r
Content-Type: application/pdf\r
Content-Transfer-Encoding: base64\r
Content-Disposition: attachment; filename="about-ipt.pdf"\r
\r
JVBERi0xLjcK4uPP0wolJUVPRgo=\r
--m--\r
"""
INJECTED = MESSAGE.replace(b"\r\nMIME-", b"\r\nBcc: other@example.org\r\nMIME-")
NAMED = MESSAGE.replace(b'filename="about-ipt.pdf"', b"filename*=utf-8''Brosch%C3%BCre.pdf")


def read_by(name: str, *messages: bytes) -> list[Parsed]:
    """Return messages as a parser reads them; where it is missing, skip, except where everything must run."""
    reason = missing(name)
    if reason and not NOTHING_SKIPPED:
        pytest.skip(reason)
    assert not reason
    return PARSERS[name](messages)


@pytest.mark.parametrize("name", PARSERS)
def test_every_parser_reads_the_same_message(name: str) -> None:
    """Subject, headers, texts, picture and paper are read alike by four parsers that share no code."""
    (read,) = read_by(name, MESSAGE)
    assert read.subject == SUBJECT
    assert [header for header, _ in read.headers] == [
        "from",
        "to",
        "subject",
        "content-language",
        "mime-version",
        "content-type",
    ]
    assert read.all("Subject") == [SUBJECT]
    assert read.all("Content-Language") == ["ar"]
    assert read.parts == (
        Part("text/plain", "", "مرحبا\n13 11 14", ""),
        Part("text/html", "", '<p>Grüße <img src="cid:circle@handouts" alt="" width="1" height="1"></p>', ""),
        Part("image/png", "circle.png", PICTURE, "circle@handouts"),
        Part("application/pdf", "about-ipt.pdf", PAPER, ""),
    )


@pytest.mark.parametrize("name", PARSERS)
def test_every_parser_tells_messages_apart(name: str) -> None:
    """Many messages are read at once, each for itself; a header that was slipped in and another name are seen."""
    plain, injected, named = read_by(name, MESSAGE, INJECTED, NAMED)
    assert plain.all("Bcc") == []
    assert injected.all("Bcc") == ["other@example.org"]
    assert (injected.subject, injected.parts) == (plain.subject, plain.parts)
    assert named.parts[3].file_name == "Broschüre.pdf"
    assert named.parts[:3] == plain.parts[:3]
