"""Who is answered at the desk, and how: no form of another site, nobody who has not signed in, and nothing that was typed when it fails."""

from __future__ import annotations

import pytest

from handouts.desk import screens
from handouts.desk.answering import COOKIE, Desk
from handouts.desk.application import application
from handouts.desk.password import keep_password
from handouts.desk.record import Record
from handouts.problems import Problem, SourceError
from tests.desk.browsing import HOST, Browser
from tests.desk.conftest import BASE, PASSWORD
from tests.desk.test_routes import HERE, SECRET


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
        ("/basket/give", {"csrf": "!", "way": "email"}, {}, 400),
        ("/basket/give", {"csrf": "!", "way": "print"}, {}, 400),
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
