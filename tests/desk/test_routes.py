"""What the desk answers: a handout in a few steps, a name on it that is kept nowhere, and nothing to anyone else."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from pikepdf import Pdf
from pypdfium2 import PdfDocument

from handouts.desk.answering import Desk
from handouts.desk.application import application
from handouts.desk.counter import Counter
from handouts.desk.mailbox import Mailbox
from handouts.desk.record import Record
from handouts.desk.sessions import MOST_IN_BASKET
from handouts.problems import Problem, SourceError
from handouts.verify.standards import broken_rules
from handouts.verify.tags import read_outline
from tests.desk.browsing import HOST, Browser
from tests.desk.conftest import BASE
from tests.desk.test_mailbox import a_mailbox

HERE = "/in/vi/about-ipt/large-print"
SECRET = "Nguyễn Quốc Bảo-Zyx"  # in no text of ours


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF."""
    with PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


def kept_of(name: str, *folders: Path) -> list[Path]:
    """Return the files that hold a name, or the end of it, in letters or as a PDF has them."""
    needles = (name.encode(), name.encode("utf-16-be"), name.rpartition(" ")[2].encode())
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert files

    def holds(path: Path) -> bool:
        with suppress(FileNotFoundError):  # other tests of this run share the cache, and remove what is old
            data = path.read_bytes()
            return any(needle in data for needle in needles)
        return False

    return [path for path in files if holds(path)]


def test_a_handout_is_found_shown_printed_saved_and_noted(browser: Browser, record: Record) -> None:
    """Language, handout, layout, and the PDF that opens to be printed; the record knows all of it but no patient."""
    first, second, third = browser.get("/"), browser.get("/in/vi"), browser.get(HERE)
    assert [answer.status for answer in (first, second, third)] == [200, 200, 200]
    assert f'href="{BASE}/in/vi"' in first.text
    assert f'href="{BASE}/in/vi/about-ipt/standard"' in second.text
    assert "DRAFT" in third.text
    assert browser.get(f"{HERE}/page-1.png").body.startswith(b"\x89PNG")
    assert browser.get(f"{HERE}/cover.png").body.startswith(b"\x89PNG")
    printed = browser.post(f"{HERE}/give", {"csrf": third.csrf, "way": "print"})
    saved = browser.post(f"{HERE}/give", {"csrf": third.csrf, "way": "save"})
    with Pdf.open(io.BytesIO(printed.body)) as document:
        assert document.Root.OpenAction.N == "/Print"
    with Pdf.open(io.BytesIO(saved.body)) as document:
        assert "/OpenAction" not in document.Root
    assert printed.headers["content-disposition"] == 'inline; filename="vi.about-ipt.pdf"'
    assert saved.headers["content-disposition"] == 'attachment; filename="vi.about-ipt.pdf"'
    assert [(row.locale, row.layout, row.way) for row in record.rows()] == [
        ("vi", "large-print", "print"),
        ("vi", "large-print", "save"),
    ]
    assert len({row.digest for row in record.rows()}) == 1


def test_what_is_typed_for_a_person_is_on_the_copy_and_nowhere_else(
    browser: Browser, desk: Desk, record: Record, shared: Path
) -> None:
    """Not in the cache, the metadata, the record, the name of the file, the session, or any answer that may be kept."""
    fields = {"name": SECRET, "appointment": "2026-12-03T14:30", "clinician": "", "note": ""}
    form = {"csrf": browser.get(HERE).csrf, "way": "save", **fields}
    answer = browser.post(f"{HERE}/give", form)
    assert SECRET in text_of(answer.body)
    assert answer.headers["cache-control"] == "no-store"
    with Pdf.open(io.BytesIO(answer.body)) as document:
        assert SECRET not in f"{document.docinfo} {document.Root.Metadata.read_bytes().decode()}"
    assert kept_of(SECRET, record.path.parent, shared / "cache") == []
    assert SECRET not in repr((desk, vars(desk.sessions), answer.headers))
    assert record.rows()[0].way == "save"


def test_what_cannot_be_printed_is_shown_again_to_be_corrected(browser: Browser, record: Record) -> None:
    """With all that was typed, and a sentence at its field; nothing is given."""
    form = {
        "csrf": browser.get(HERE).csrf,
        "way": "print",
        "name": "",
        "appointment": "tomorrow",
        "note": "Bring it",
    }
    answer = browser.post(f"{HERE}/give", form)
    assert answer.status == 422
    assert answer.headers["cache-control"] == "no-store"
    assert 'value="tomorrow"' in answer.text
    assert 'value="Bring it"' in answer.text
    assert re.findall(r'id="(\w+)"[^>]*autofocus', answer.text) == ["name"]
    assert answer.text.count('aria-invalid="true"') == 2
    wide = browser.post(f"{HERE}/give", {**form, "name": "x" * 90, "appointment": ""})
    assert (wide.status, wide.text.count('aria-invalid="true"')) == (422, 1)
    assert record.rows() == []


@pytest.mark.parametrize("name", ["", SECRET])
def test_an_e_mail_draft_holds_the_handout_and_a_name_in_the_pdf_alone(
    browser: Browser, record: Record, shared: Path, name: str
) -> None:
    """Without a name all who get it read the same; with one its PDF is a copy for one person, and nothing else says who."""
    form = {"csrf": browser.get(HERE).csrf, "way": "email", "name": name, "appointment": ""}
    answer = browser.post(f"{HERE}/give", form)
    draft = message_from_bytes(answer.body)
    assert (draft["X-Unsent"], draft["To"], draft["Content-Language"]) == ("1", None, "vi")
    (pdf,) = (part.get_payload(decode=True) for part in draft.walk() if part.get_content_subtype() == "pdf")
    assert isinstance(pdf, bytes)
    assert (SECRET in text_of(pdf)) == bool(name)
    assert answer.headers["content-disposition"] == 'attachment; filename="vi.about-ipt.eml"'
    assert answer.headers["cache-control"] == "no-store"
    assert kept_of(SECRET, record.path.parent, shared / "cache") == []
    assert [row.way for row in record.rows()] == ["email"]


def test_a_draft_that_cannot_be_printed_is_none(browser: Browser, record: Record) -> None:
    """What is wrong stands at its field, and nothing is noted."""
    form = {"csrf": browser.get(HERE).csrf, "way": "email", "name": "", "note": "Bring it"}
    answer = browser.post(f"{HERE}/give", form)
    assert (answer.status, answer.text.count('aria-invalid="true"'), record.rows()) == (422, 1, [])


def test_a_draft_is_put_into_the_mailbox_where_there_is_one(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says so when one comes back to it; where the server refuses it, that is said and nothing is noted."""
    form = {"way": "mailbox", "name": SECRET}
    without = Browser(application(desk, [HOST]), BASE)
    assert without.post(f"{HERE}/give", {**form, "csrf": without.get("/").csrf}).status == 400
    put: list[bytes] = []
    monkeypatch.setattr(Mailbox, "put", lambda _, draft: put.append(draft))
    browser = Browser(application(replace(desk, mailbox=a_mailbox(tmp_path, 993)), [HOST]), BASE)
    form["csrf"] = browser.get("/").csrf
    answer = browser.post(f"{HERE}/give", form)
    assert (answer.status, answer.headers["location"]) == (303, f"{BASE}{HERE}")
    assert ["The draft is in the mailbox." in browser.get(HERE).text for _ in range(2)] == [True, False]
    draft = message_from_bytes(put[0])
    (pdf,) = (part.get_payload(decode=True) for part in draft.walk() if part.get_content_subtype() == "pdf")
    assert isinstance(pdf, bytes)
    assert SECRET in text_of(pdf)
    assert SECRET not in repr((draft.items(), [part.get_filename() for part in draft.walk()]))
    assert desk.record
    assert [row.way for row in desk.record.rows()] == ["mailbox"]

    def refuse_it(*_: object) -> None:
        raise SourceError([Problem("draft-not-taken", "mail.example:993", "it is full.", "Make room.")])

    monkeypatch.setattr(Mailbox, "put", refuse_it)
    answer = browser.post(f"{HERE}/give", form)
    assert (answer.status, "it is full." in answer.text, len(desk.record.rows())) == (503, True, 1)


def test_a_basket_of_three_languages_is_one_pdf(browser: Browser, record: Record) -> None:
    """Each part in its language; one more of the same is none more; for the next patient it is empty."""
    csrf = browser.get("/").csrf
    for key in (
        "vi/about-ipt/standard",
        "ar/about-ipt/bilingual",
        "zh-Hans/about-ipt/standard",
        "vi/about-ipt/standard",
    ):
        assert browser.post(f"/in/{key}/put", {"csrf": csrf}).status == 303
    whole = browser.post("/basket/give", {"csrf": csrf, "way": "save"})
    with Pdf.open(io.BytesIO(whole.body)) as document:
        (top,) = document.Root.StructTreeRoot.K
        assert [str(part.Lang) for part in top.K][-3:] == ["vi", "ar", "zh-Hans"]
    assert [row.locale for row in record.rows()] == ["vi", "ar", "zh-Hans"]
    assert browser.post("/take-out", {"csrf": csrf, "key": "ar/about-ipt/bilingual"}).status == 303
    assert "ar/about-ipt" not in browser.get("/basket").text
    assert browser.post("/next", {"csrf": csrf}).status == 303
    assert browser.post("/basket/give", {"csrf": csrf, "way": "save"}).status == 400


def test_a_basket_may_be_copies_for_one_person(
    browser: Browser,
    desk: Desk,
    record: Record,
    shared: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The name is typed once, is on each handout and nowhere else; the basket stays, and the next to take it is nobody."""
    csrf = browser.get("/").csrf
    for key in ("vi/about-ipt/standard", "en/four-areas/standard"):
        browser.post(f"/in/{key}/put", {"csrf": csrf})
    copied = browser.post(
        "/basket/give", {"csrf": csrf, "way": "save", "name": SECRET, "appointment": "2026-12-03"}
    )
    assert text_of(copied.body).count(SECRET) == 2
    assert copied.headers["content-disposition"] == 'attachment; filename="handouts.pdf"'
    file = tmp_path_factory.mktemp("whole") / "handouts.pdf"
    file.write_bytes(copied.body)
    outline = read_outline(file)
    assert (broken_rules(file), outline.order == outline.painted) == ([], True)
    assert [tag.language for tag in outline.tags if tag.roles == ("Document", "Part")] == ["vi", "vi", "en"]
    with Pdf.open(file) as document:
        assert SECRET not in f"{document.docinfo} {document.Root.Metadata.read_bytes().decode()}"
        with document.open_outline() as bookmarks:
            assert len(bookmarks.root) == 3
            assert SECRET not in str(bookmarks)
    assert kept_of(SECRET, record.path.parent, shared / "cache") == []
    assert SECRET not in repr((desk, vars(desk.sessions), copied.headers, browser.cookies))
    assert SECRET not in browser.get("/basket").text
    plain = browser.post("/basket/give", {"csrf": csrf, "way": "save"})
    assert SECRET not in text_of(plain.body)
    first, second = record.rows()[:2], record.rows()[2:]
    assert [row.digest for row in first] == [row.digest for row in second]


@pytest.mark.parametrize("name", ["", SECRET])
def test_a_basket_is_an_e_mail_draft(browser: Browser, record: Record, shared: Path, name: str) -> None:
    """With all of it as one PDF, in the language of the first; a name is in that PDF, and in nothing else that is sent or kept."""
    csrf = browser.get("/").csrf
    for key in ("vi/about-ipt/standard", "ar/references/standard"):
        browser.post(f"/in/{key}/put", {"csrf": csrf})
    answer = browser.post("/basket/give", {"csrf": csrf, "way": "email", "name": name})
    draft = message_from_bytes(answer.body)
    assert (draft["X-Unsent"], draft["To"], draft["Content-Language"]) == ("1", None, "vi")
    (pdf,) = (part.get_payload(decode=True) for part in draft.walk() if part.get_content_subtype() == "pdf")
    assert isinstance(pdf, bytes)
    assert text_of(pdf).count(SECRET) == (2 if name else 0)
    said = [part.get_payload(decode=True) for part in draft.walk() if part.get_content_maintype() == "text"]
    assert SECRET not in repr(
        (draft.items(), [str(each, "utf-8") for each in said if isinstance(each, bytes)])
    )
    assert answer.headers["content-disposition"] == 'attachment; filename="handouts.eml"'
    assert answer.headers["cache-control"] == "no-store"
    assert kept_of(SECRET, record.path.parent, shared / "cache") == []
    assert [(row.locale, row.way) for row in record.rows()] == [("vi", "email"), ("ar", "email")]


def test_a_basket_of_one_is_the_e_mail_of_that_handout(browser: Browser) -> None:
    """Byte for byte, with its text to be read in the e-mail."""
    csrf = browser.get("/").csrf
    alone = browser.post(f"{HERE}/give", {"csrf": csrf, "way": "email"})
    browser.post(f"{HERE}/put", {"csrf": csrf})
    assert browser.post("/basket/give", {"csrf": csrf, "way": "email"}).body == alone.body


def test_the_draft_of_a_basket_is_put_into_the_mailbox_where_there_is_one(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The basket says so, once, and stays; without a mailbox there is no such way."""
    without = Browser(application(desk, [HOST]), BASE)
    csrf = without.get("/").csrf
    without.post(f"{HERE}/put", {"csrf": csrf})
    assert without.post("/basket/give", {"csrf": csrf, "way": "mailbox"}).status == 400
    put: list[bytes] = []
    monkeypatch.setattr(Mailbox, "put", lambda _, draft: put.append(draft))
    browser = Browser(application(replace(desk, mailbox=a_mailbox(tmp_path, 993)), [HOST]), BASE)
    csrf = browser.get("/").csrf
    for key in (HERE, "/in/en/about-ipt/standard"):
        browser.post(f"{key}/put", {"csrf": csrf})
    answer = browser.post("/basket/give", {"csrf": csrf, "way": "mailbox"})
    assert (answer.status, answer.headers["location"]) == (303, f"{BASE}/basket")
    assert ["The draft is in the mailbox." in browser.get("/basket").text for _ in range(2)] == [True, False]
    browser.post("/basket/give", {"csrf": csrf, "way": "mailbox"})
    browser.post("/next", {"csrf": csrf})
    assert "The draft is in the mailbox." not in browser.get("/basket").text
    assert message_from_bytes(put[0])["Content-Language"] == "vi"


def test_all_that_cannot_be_printed_in_a_basket_is_shown_at_once(browser: Browser, record: Record) -> None:
    """A name that one of its languages has no letters for, and a note that is too long for another; nothing is given."""
    csrf = browser.get("/").csrf
    for key in ("zh-Hans/about-ipt/large-print", "ar/about-ipt/standard", "vi/about-ipt/standard"):
        browser.post(f"/in/{key}/put", {"csrf": csrf})
    note = "WWWWWWWW " * 33
    answer = browser.post("/basket/give", {"csrf": csrf, "way": "print", "name": "欧阳娜娜", "note": note})
    assert (answer.status, answer.text.count('aria-invalid="true"')) == (422, 2)
    assert "Write it in the letters of Arabic" in answer.text
    assert "Write it in the letters of Vietnamese" in answer.text
    assert 'value="欧阳娜娜"' in answer.text
    assert record.rows() == []


def test_a_basket_has_an_end(browser: Browser, counter: Counter) -> None:
    """A patient reads no more than a dozen."""
    csrf = browser.get("/").csrf
    keys = ["/".join(key) for key in counter.stock().papers][: MOST_IN_BASKET + 1]
    answers = [browser.post(f"/in/{key}/put", {"csrf": csrf}).status for key in keys]
    assert answers == [303] * MOST_IN_BASKET + [409]


def test_the_desk_speaks_the_language_of_whoever_works_at_it(browser: Browser) -> None:
    """That of the browser at first, and any other of the library when it is chosen."""
    assert '<html lang="el" dir="ltr">' in browser.get("/", accept_language="xx, el-GR;q=0.9").text
    csrf = browser.get("/").csrf
    assert browser.post("/language", {"csrf": csrf, "tag": "ar"}).status == 303
    assert '<html lang="ar" dir="rtl">' in browser.get("/basket").text
    assert browser.post("/language", {"csrf": csrf, "tag": "../x"}).status == 400


@pytest.mark.parametrize("place", ["", "point", "basket", "in/vi", "in/vi/about-ipt/large-print"])
def test_in_another_language_one_stays_where_one_was(browser: Browser, place: str) -> None:
    """On the page whose form was sent; and nobody is led anywhere but to a page of the desk."""
    page = browser.get(f"/{place}")
    assert f'name="place" value="{place}"' in page.text
    answer = browser.post("/language", {"csrf": page.csrf, "tag": "ar", "place": place})
    assert answer.headers["location"].removeprefix(BASE) == f"/{place}"


@pytest.mark.parametrize(
    "place", ["/evil.example", "https://evil.example", "in/vi/", "in/../x", "give", "in/vi\r\nX: y"]
)
def test_a_change_of_language_leads_to_no_other_address(browser: Browser, place: str) -> None:
    """It would be a door for whoever sends a link."""
    csrf = browser.get("/").csrf
    assert browser.post("/language", {"csrf": csrf, "tag": "ar", "place": place}).status == 400


def test_a_page_that_answers_a_form_is_the_page_of_the_form(browser: Browser) -> None:
    """Where a name has a fault, what is told stands on the page where it was typed."""
    csrf = browser.get("/").csrf
    for key in ("vi/about-ipt/standard", "en/four-areas/standard"):
        browser.post(f"/in/{key}/put", {"csrf": csrf})
    for page in (HERE, "/basket"):
        told = browser.post(f"{page}/give", {"csrf": csrf, "way": "print", "name": "", "note": "x"})
        assert told.status == 422
        assert f'name="place" value="{page[1:]}"' in told.text


@pytest.mark.parametrize("field", ["name", "clinician", "note", "appointment"])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{ 7*7 }}{% include 'x' %}",
        "\u202etxt.exe",
        "a\x00b",
        "x\r\nBcc: a@b.c",
        "'; DROP TABLE given; --",
        "../../etc/passwd",
        "🦄" * 60,
        "\ud7ff\ufffe",
        "=cmd|' /C calc'!A0",
        "https://evil.example/?q=",
    ],
)
def test_whatever_is_typed_is_printed_as_it_is_or_refused(browser: Browser, field: str, text: str) -> None:
    """It is never markup, never a header, never a command, and never in the name of a file."""
    form = {"csrf": browser.get(HERE).csrf, "way": "save", "name": "Ana", field: text}
    answer = browser.post(f"{HERE}/give", form)
    assert answer.status in {200, 422}
    if answer.status == 200:
        assert answer.headers["content-disposition"] == 'attachment; filename="vi.about-ipt.pdf"'
    else:
        assert "<script>" not in answer.text.replace('<script src="', "")
        assert "<img src=x" not in answer.text
        assert ">49<" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/x",
        "/in/xx",
        "/in/vi/x/standard",
        f"{HERE}/page-0.png",
        f"{HERE}/page-99.png",
        f"{HERE}/page-x.png",
        f"{HERE}/page-{'9' * 5000}.png",
        "/basket/",
        "/desk.html",
    ],
)
def test_what_is_not_there_is_not_there(browser: Browser, path: str) -> None:
    """Also without the address that cannot be guessed."""
    assert browser.get(path).status == 404
    assert Browser(browser.app).get("/").status == 404
    assert Browser(browser.app, "/" + "x" * 32).get("/").status == 404
