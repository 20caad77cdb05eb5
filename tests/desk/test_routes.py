"""What the desk answers: a handout in a few steps, a name on it that is kept nowhere, and nothing to anyone else."""

from __future__ import annotations

import io
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from pikepdf import Pdf
from pypdfium2 import PdfDocument

from handouts.desk import screens
from handouts.desk.application import application
from handouts.desk.counter import Counter
from handouts.desk.mailbox import Mailbox
from handouts.desk.password import keep_password
from handouts.desk.record import Record
from handouts.desk.routes import COOKIE, Desk
from handouts.desk.sessions import MOST_IN_BASKET
from handouts.problems import Problem, SourceError
from tests.desk.browsing import HOST, Browser
from tests.desk.conftest import BASE, PASSWORD
from tests.desk.test_mailbox import a_mailbox

HERE = "/in/vi/about-ipt/large-print"
SECRET = "Nguyễn Quốc Bảo-Zyx"  # in no text of ours


def text_of(pdf: bytes) -> str:
    """Return the text of a PDF."""
    with PdfDocument(pdf) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


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
    kept = [*record.path.parent.iterdir(), *(shared / "cache").rglob("*")]
    needles = (SECRET.encode(), SECRET.encode("utf-16-be"), "Bảo-Zyx".encode())
    assert not [
        path for path in kept if path.is_file() and any(each in path.read_bytes() for each in needles)
    ]
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
    assert answer.text.count('aria-invalid="true"') == 2
    wide = browser.post(f"{HERE}/give", {**form, "name": "x" * 90, "appointment": ""})
    assert (wide.status, wide.text.count('aria-invalid="true"')) == (422, 1)
    assert record.rows() == []


def test_an_e_mail_draft_holds_the_handout_and_no_patient(browser: Browser) -> None:
    """It says that all who get it read the same, and it is true: what was typed for a copy is not in it."""
    form = {"csrf": browser.get(HERE).csrf, "way": "email", "name": SECRET}
    answer = browser.post(f"{HERE}/give", form)
    draft = message_from_bytes(answer.body)
    assert (draft["X-Unsent"], draft["To"], draft["Content-Language"]) == ("1", None, "vi")
    (pdf,) = (part.get_payload(decode=True) for part in draft.walk() if part.get_content_subtype() == "pdf")
    assert isinstance(pdf, bytes)
    assert SECRET not in text_of(pdf)
    assert answer.headers["content-disposition"].endswith('.eml"')


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
    assert message_from_bytes(put[0])["Content-Language"] == "vi"
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
    whole = browser.post("/bundle", {"csrf": csrf, "way": "save"})
    with Pdf.open(io.BytesIO(whole.body)) as document:
        (top,) = document.Root.StructTreeRoot.K
        assert [str(part.Lang) for part in top.K][-3:] == ["vi", "ar", "zh-Hans"]
    assert [row.locale for row in record.rows()] == ["vi", "ar", "zh-Hans"]
    assert browser.post("/take-out", {"csrf": csrf, "key": "ar/about-ipt/bilingual"}).status == 303
    assert "ar/about-ipt" not in browser.get("/basket").text
    assert browser.post("/next", {"csrf": csrf}).status == 303
    assert browser.post("/bundle", {"csrf": csrf, "way": "save"}).status == 400


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


@pytest.mark.parametrize(
    ("path", "fields", "headers", "status"),
    [
        (f"{HERE}/give", {"way": "print"}, {}, 403),
        (f"{HERE}/give", {"csrf": "x" * 32, "way": "print"}, {}, 403),
        (f"{HERE}/give", {"csrf": "ü", "way": "print"}, {}, 403),
        (f"{HERE}/give", {"csrf": "", "way": "print"}, {}, 403),
        (f"{HERE}/give", {"csrf": "!", "way": "burn"}, {}, 400),
        (f"{HERE}/give", {"csrf": "!"}, {}, 400),
        (f"{HERE}/give", {"csrf": "!", "way": "print"}, {"origin": "https://evil.example"}, 403),
        (f"{HERE}/give", {"csrf": "!", "way": "print"}, {"origin": "null"}, 403),
        (f"{HERE}/give", {"csrf": "!", "way": "print"}, {"sec-fetch-site": "cross-site"}, 403),
        (f"{HERE}/give", {"csrf": "!", "way": "print"}, {"content-type": "text/plain"}, 415),
        (f"{HERE}/give", {"csrf": "!", "way": "print"}, {"host": "evil.example"}, 400),
        (f"{HERE}/give", {"csrf": "!", "way": "print", "note": "x" * 20_000}, {}, 413),
        (f"{HERE}/give", {"csrf": "!", "way": "print", **{f"f{n}": "" for n in range(40)}}, {}, 400),
        ("/in/vi/about-ipt/enormous/give", {"csrf": "!", "way": "print"}, {}, 404),
        ("/in/xx/about-ipt/standard/put", {"csrf": "!"}, {}, 404),
        ("/in/en/about-ipt/bilingual/put", {"csrf": "!"}, {}, 404),
        ("/in/..%2f..%2fbuild.py/a/b/put", {"csrf": "!"}, {}, 404),
        ("/bundle", {"csrf": "!", "way": "email"}, {}, 400),
        ("/bundle", {"csrf": "!", "way": "print"}, {}, 400),
        ("/language", {"csrf": "!", "tag": ""}, {}, 400),
        ("/sign-in", {"csrf": "!", "password": PASSWORD}, {}, 404),
        ("/next", {}, {}, 403),
        ("/take-out", {"key": "x"}, {}, 403),
        ("/sign-out", {}, {}, 403),
    ],
)
def test_a_request_that_no_page_of_ours_sends_is_refused(
    browser: Browser, record: Record, path: str, fields: dict[str, str], headers: dict[str, str], status: int
) -> None:
    """“!” stands for the right token. Nothing is made, noted, or told that was sent."""
    csrf = browser.get("/").csrf
    sent = {name: csrf if value == "!" else value for name, value in fields.items()}
    answer = browser.post(path, sent, **headers)
    assert answer.status == status
    assert record.rows() == []
    assert "x" * 100 not in answer.text


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


def test_every_answer_is_kept_nowhere_and_shown_in_no_other_site(browser: Browser) -> None:
    """Pages, pictures, files, styles, and what goes wrong."""
    csrf = browser.get("/").csrf
    answers = [
        browser.get(path)
        for path in ("/", "/point", "/in/vi", HERE, f"{HERE}/page-1.png", "/desk.css", "/desk.js", "/in/xx")
    ]
    answers.append(browser.post(f"{HERE}/give", {"csrf": csrf, "way": "save"}))
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
    answers += [
        browser.send("/basket", b""),
        browser.get("/", host="evil.example"),
        Browser(browser.app).get("/"),
    ]
    assert [answer.status for answer in answers[-3:]] == [405, 400, 404]
    for answer in answers:
        assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert "frame-ancestors 'none'" in answers[0].headers["content-security-policy"]
    assert "unsafe" not in answers[0].headers["content-security-policy"]


def test_on_a_network_nobody_is_answered_who_has_not_signed_in(stranger: Browser) -> None:
    """Not a page, a picture or a form; and the password opens everything, until one signs out."""
    for path in ("/", "/point", "/in/vi", HERE, f"{HERE}/page-1.png", "/basket"):
        answer = stranger.get(path)
        assert (answer.status, answer.headers["location"]) == (303, "/sign-in"), path
    assert stranger.post(f"{HERE}/give", {"way": "print"}).status == 303
    assert stranger.cookies == {}
    page = stranger.get("/sign-in")
    assert (page.status, "password" in page.text) == (200, True)
    answer = stranger.post("/sign-in", {"password": PASSWORD})
    assert answer.status == 303
    made = answer.headers["set-cookie"]
    assert all(part in made for part in ("HttpOnly", "SameSite=strict", "Secure", "Path=/"))
    csrf = stranger.get("/").csrf
    assert stranger.post("/sign-out", {"csrf": csrf}).status == 303
    stranger.cookies[COOKIE] = made.split("=")[1].split(";")[0]
    assert stranger.get("/").status == 303


def test_a_new_password_counts_from_the_next_request(stranger: Browser) -> None:
    """Whoever signed in with the old one is out; a form to sign in that was left open leads to the desk."""
    assert stranger.post("/sign-in", {"password": PASSWORD}).status == 303
    assert (stranger.get("/").status, stranger.get("/sign-in").headers["location"]) == (200, "/")
    assert stranger.post("/sign-in", {"password": "wrong"}).headers["location"] == "/"
    file = stranger.app.state.desk.password_file
    keep_password(file, f"{PASSWORD}!")
    assert stranger.get("/").headers["location"] == "/sign-in"
    file.unlink()
    assert stranger.post("/sign-in", {"password": ""}).status == 403


def test_a_template_that_does_not_work_is_told_in_plain_english(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page that would say so may be the one."""

    def broken(*_: object, **__: object) -> str:
        raise SourceError([Problem("x", "templates/desk-frame.html", "it does not work.", "Mend it.")])

    monkeypatch.setattr(screens, "fill", broken)
    answer = browser.get("/")
    assert (answer.status, "templates/desk-frame.html" in answer.text) == (503, True)


def test_wrong_passwords_are_answered_more_and_more_slowly(stranger: Browser) -> None:
    """After one, not even the right one is looked at for a moment; a forged form is not looked at at all."""
    assert stranger.post("/sign-in", {"password": PASSWORD}, origin="https://evil.example").status == 403
    assert stranger.post("/sign-in", {"password": "wrong"}).status == 403
    answer = stranger.post("/sign-in", {"password": PASSWORD})
    assert (answer.status, answer.headers["retry-after"]) == (429, "1")
    assert stranger.cookies == {}


def test_a_fault_of_the_program_tells_nothing_that_was_typed(
    browser: Browser, desk: Desk, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Not on the page, not on the terminal, not in what is kept of it."""

    def fail(*_: object) -> None:
        raise RuntimeError(SECRET)

    form = {"csrf": browser.get(HERE).csrf, "way": "print", "name": SECRET}
    monkeypatch.setattr(desk.counter, "copy", fail)
    answer = browser.post(f"{HERE}/give", form)
    assert answer.status == 500
    told = (answer.text, *capfd.readouterr(), (desk.cache / "fault.txt").read_text(encoding="utf-8"))
    assert not any(SECRET in each for each in told)
    assert "RuntimeError" in told[-1]


def test_sources_with_an_error_are_not_printed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page says what is wrong, also where no template works."""

    def broken() -> None:
        raise SourceError([Problem("x", "content/x.yaml", "it is <b>wrong</b>.", "Mend it.")])

    monkeypatch.setattr(desk.counter, "stock", broken)
    browser = Browser(application(desk, [HOST]), BASE)
    for path in ("/", HERE, "/sign-in"):
        answer = browser.get(path)
        assert answer.status == 503
        assert "it is &lt;b&gt;wrong&lt;/b&gt;." in answer.text
    assert browser.get("/desk.css").status == 503
