"""A message is read as it was meant by programs that know nothing of this project, and can be given no other header."""

from __future__ import annotations

import random
import re
import unicodedata
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handouts.mail.message import Contents, Headers, addressed, unsent_email
from handouts.sources.load import Sources
from tests.conftest import SPREAD, tries
from tests.parsers import PARSERS, missing

HEADERS = {"Content-Type", "MIME-Version", "Content-Language", "Subject", "X-Unsent"}
SENT = {"From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"}
PRIVATE = ("IPT", "interpersonal", "depress", "psych", "therap", "about-ipt")
# What a person may type, or a file may hold, in the hope of another header.
ATTACKS = [
    "x\r\nBcc: all@evil.example", "x\nBcc: all@evil.example", "x\rBcc: all@evil.example", "x\u2028Bcc: all@evil.example",
    "x\x0bBcc: all@evil.example", "x\x85Bcc: all@evil.example", "=?utf-8?q?x=0D=0ABcc:_all@evil.example?=",
    "=?utf-8?b?eA0KQmNjOiBhbGxAZXZpbC5leGFtcGxl?=", "x\x00", "\u202ecod.exe", "x" * 101, "=cmd()", "a\ud800b",
]  # fmt: skip
ADDRESS_ATTACKS = [
    *ATTACKS, "a@b.example, c@d.example", "a@b.example;c@d.example", "<a@b.example> c@d.example", "a@b.example\tc@d.example",
    '"a b"@b.example', "a@[127.0.0.1]", "a@b", "@b.example", "a@", "a@b@c.example", "ä@b.example", "a(x)@b.example", "",
]  # fmt: skip


def small_contents(subject: str = "Information from your clinic", language: str = "en") -> Contents:
    """Return what a small e-mail holds."""
    html = '<p>Hello, שלום</p><img src="cid:picture@handouts" alt="x" width="1" height="1">'
    return Contents(
        subject,
        language,
        "Hello\n.\nFrom me\n",
        html,
        b"%PDF-1.7 \x00\xff",
        b"\x89PNG\r\n",
        "picture@handouts",
    )


def messages(built: Path) -> list[tuple[str, bytes]]:
    """Return every message that was built, with its locale."""
    return [(path.parent.name, path.read_bytes()) for path in sorted(built.rglob("*.eml"))]


def test_a_draft_has_the_headers_of_a_draft_and_no_others(built: Path) -> None:
    """X-Unsent; no From, To, Date, Message-ID, Bcc; readable by its owner alone."""
    found = messages(built)
    assert len(found) == len(SPREAD) * 2
    for _, data in found:
        assert {name for name, _ in message_from_bytes(data, policy=policy.default).items()} == HEADERS
    assert {path.stat().st_mode & 0o777 for path in built.rglob("*.eml")} == {0o600}


def test_the_parts_are_those_and_in_that_order(built: Path) -> None:
    """mixed(alternative(text, related(HTML, picture)), paper); the language on top and on both texts; every cid is there."""
    for tag, data in messages(built):
        message = message_from_bytes(data, policy=policy.default)
        kinds = [part.get_content_type() for part in message.walk()]
        picture = ["multipart/related", "text/html", "image/png"] if "image/png" in kinds else ["text/html"]
        assert kinds == [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            *picture,
            "application/pdf",
        ]
        said = {part.get_content_type(): part for part in message.walk()}
        assert {
            message["Content-Language"],
            said["text/plain"]["Content-Language"],
            said["text/html"]["Content-Language"],
        } == {tag}
        html = said["text/html"].get_content()
        named = {f"<{name}>" for name in re.findall(r'src="cid:([^"]+)"', html)}
        assert named == {str(part["Content-ID"]) for part in message.walk() if part["Content-ID"]}
        assert said["application/pdf"].get_filename() == "information.pdf"
        text = said["text/plain"].get_content()
        assert text.index("13 11 14") < 1400  # after the letter, the crisis numbers come first
        assert len(text) > 1500
    assert any("image/png" in data.decode() for _, data in messages(built))


def test_no_line_is_too_long_and_no_byte_has_eight_bits(built: Path) -> None:
    """At most 998 bytes in a line (RFC 5322), ASCII alone, CRLF at every end."""
    for _, data in messages(built):
        assert max(data) < 128
        assert max(map(len, data.split(b"\r\n"))) <= 998
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")


def test_nothing_outside_says_what_it_is_about(built: Path, sources: Sources) -> None:
    """Subject and file names hold no person, no illness, no name of the therapy, in any locale."""
    for tag, data in messages(built):
        message = message_from_bytes(data, policy=policy.default)
        title = sources.translation("about-ipt", "au", tag).handout.title.text
        outside = " ".join(
            [str(message["Subject"]), *(part.get_filename() or "" for part in message.walk())]
        ).casefold()
        for word in (*PRIVATE, *(part for part in title.split() if len(part) > 3)):
            assert word.casefold() not in outside


def test_the_same_input_gives_the_same_bytes() -> None:
    """Boundaries are made from what is inside."""
    assert unsent_email(small_contents()) == unsent_email(small_contents())
    assert unsent_email(small_contents()) != unsent_email(small_contents("Another"))


def subjects(number: int) -> list[str]:
    """Return subjects of many scripts and lengths, as seeds of trouble: spaces, marks, colons, emoji, long words."""
    chance = random.Random(2026)
    pools = [
        "abc XYZ 012",
        "éüñç ",
        "абвг де",
        "שלום עולם ",
        "مرحبا بالعالم ",
        "हिन्दी में ",
        "中文信息诊所",
        "ไทยภาษา ",
        "한국어 ",
        "😀👍 ",
        ",:;!?-_=()[]<>@\"' ",
        "ｆｕｌｌ　",
    ]
    made = []
    for _ in range(number):
        pool = "".join(chance.sample(pools, chance.randrange(1, 4)))
        text = "".join(chance.choice(pool) for _ in range(chance.randrange(1, 120)))
        made.append(unicodedata.normalize("NFC", " ".join(text.split())) or "x")
    return made


@cache
def drafts_of_subjects() -> tuple[list[str], list[bytes]]:
    """Return subjects by the hundred, and the headers of a draft with each: what follows them is read in the next test."""
    wanted = [text for text in subjects(tries(1000)) if "=?" not in text]
    drafts = (unsent_email(small_contents(text)) for text in wanted)
    return wanted, [draft.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" for draft in drafts]


@pytest.mark.untraced
@pytest.mark.xdist_group("subjects")  # which are made once
@pytest.mark.parametrize("name", sorted(PARSERS))
def test_every_parser_reads_hundreds_of_subjects_right(name: str) -> None:
    """Python's, two of Node's and Perl's: whatever the script, the subject is what was written, and it alone."""
    if missing(name):
        pytest.skip(missing(name))
    wanted, drafts = drafts_of_subjects()
    parsed = PARSERS[name](drafts)
    wrong = [
        (want, got.subject)
        for want, got in zip(wanted, parsed, strict=True)
        if " ".join(got.subject.split()) != want
    ]
    assert wrong[:5] == []
    assert len(wanted) > tries(950)


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_every_parser_finds_the_same_parts(name: str, built: Path) -> None:
    """Text, HTML, picture and paper come out as they were put in."""
    if missing(name):
        pytest.skip(missing(name))
    found = messages(built)
    for (tag, data), got in zip(found, PARSERS[name]([data for _, data in found]), strict=True):
        message = message_from_bytes(data, policy=policy.default)
        wanted = [part.get_content() for part in message.walk() if not part.is_multipart()]
        contents = [part.content for part in got.parts]
        for want in wanted:
            same = want.strip().replace("\r\n", "\n") if isinstance(want, str) else want
            assert any(
                (c.strip().replace("\r\n", "\n") if isinstance(c, str) else c) == same for c in contents
            ), (tag, same[:40])


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["to_name", "sender_name"])
def test_a_name_can_become_no_header(field: str, attack: str) -> None:
    """It is refused, whole: nothing is mended."""
    parts = {"to": "a@b.example", "sender": "c@d.example", field: attack}
    with pytest.raises(ValueError, match=r"^(is|holds|has|looks)"):
        addressed(unsent_email(small_contents()), Headers(**parts))  # type: ignore[arg-type]


@pytest.mark.parametrize("attack", ADDRESS_ATTACKS)
@pytest.mark.parametrize("field", ["to", "sender", "reply_to"])
def test_an_address_is_one_address(field: str, attack: str) -> None:
    """Two, none, or one with anything more in it are refused."""
    if not attack and field != "to":
        return  # no sender and no other address for answers are a draft's own
    parts = {"to": "a@b.example", "sender": "c@d.example", field: attack}
    with pytest.raises(ValueError, match=r"^(is|holds|has|looks)"):
        addressed(unsent_email(small_contents()), Headers(**parts))  # type: ignore[arg-type]


@settings(max_examples=tries(40))
@given(st.text(max_size=100))
def test_whatever_a_name_is_the_headers_are_those_that_were_asked_for(name: str) -> None:
    """Either it is refused, or it comes out as it was put in, and no header is added, changed or lost."""
    try:
        made = addressed(
            unsent_email(small_contents()),
            Headers("a@b.example", name, "c@d.example", "Clinic", "", "1@d.example", 0.0),
        )
    except ValueError:
        return
    message = message_from_bytes(made, policy=policy.default)
    assert sorted(message.keys()) == sorted({*HEADERS - {"X-Unsent"}, *SENT})
    assert [each.addr_spec for each in message["To"].addresses] == ["a@b.example"]
    # Python's own parser puts a space where a long name goes on in a second encoded word (RFC 2047 says none).
    assert "".join(message["To"].addresses[0].display_name.split()) == "".join(name.split())
    assert message["Message-ID"] == "<1@d.example>"


@pytest.mark.parametrize("prefix", ["[secure]", "[sicher]", "機密", "ü [x]"])
@pytest.mark.parametrize("subject", ["Information from your clinic", "معلومات من عيادتك " * 4])
def test_a_prefix_stands_before_the_subject_and_the_subject_is_whole(prefix: str, subject: str) -> None:
    """In every script; one in plain letters can be read by whatever looks for it on the way."""
    made = addressed(unsent_email(small_contents(subject)), Headers("a@b.example", prefix=prefix))
    found = str(message_from_bytes(made, policy=policy.default)["Subject"])
    assert "".join(found.split()) == "".join(f"{prefix}{subject}".split())
    assert found.startswith(f"{prefix} ")
    assert (f"Subject: {prefix}\r\n".encode() in made) == prefix.isascii()
    assert all(len(line) < 79 for line in made.partition(b"\r\n\r\n")[0].split(b"\r\n"))


@pytest.mark.parametrize("prefix", ATTACKS)
def test_a_prefix_cannot_become_another_header(prefix: str) -> None:
    """It is refused, whoever wrote it."""
    with pytest.raises(ValueError, match=r"."):
        addressed(unsent_email(small_contents()), Headers("a@b.example", prefix=prefix))
