"""E-mails and texts are held against the sources to the letter."""

from __future__ import annotations

from tests.conftest import Project

MAILS = ("--locale", "en", "--handout", "about-ipt", "--format", "email", "--format", "text", "--jobs", "1")


def test_an_email_that_says_an_old_number_is_told(project: Project) -> None:
    """E-mail and text are held against the sources to the letter: a changed help line does not get through."""
    project.leave_only("en", "es")
    assert project.call(*MAILS).code == 0
    assert project.call("verify", "--jobs", "1").code == 0
    project.edit("content/regions/au.yaml", 'call: "13 11 14"', 'call: "13 11 15"')
    ran = project.call("verify", "--jobs", "1")
    assert ran.code == 1
    for file in ("au/en/about-ipt.email.html", "au/en/about-ipt.txt"):
        assert f"{file}: it does not say what the sources say now. Build it again." in ran.err


def test_an_email_that_clients_would_spoil_is_told(project: Project) -> None:
    """An e-mail with a drawing in its text says what the sources say, and is refused all the same."""
    project.leave_only("en", "es")
    project.edit("templates/email.html", '<h1 class="title', '<svg></svg><h1 class="title')
    assert project.call(*MAILS).code == 0
    ran = project.call("verify", "--jobs", "1")
    assert ran.code == 1
    assert "au/en/about-ipt.email.html: mail clients would not show it as it is meant: “line " in ran.err
    assert "<svg>: clients show no drawing that stands in the text.”. Write it in another way" in ran.err
