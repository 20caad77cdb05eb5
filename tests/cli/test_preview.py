"""The command `preview`: what it opens with, and what it refuses to open. What it shows is tested with the workbench."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from handouts.serving import opening
from handouts.workbench.preview import server
from tests.conftest import Project

HILL = "name: Hill Street\nregion: us\n"
ADDRESS = "http://127.0.0.1:8000/token/"


def a_profile(project: Project, text: str = HILL) -> None:
    """Write the profile of a clinic outside of the project's folders."""
    (project.root / "elsewhere").mkdir()
    (project.root / "elsewhere/hill.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stand in for the server; return the queries that it was opened with."""
    queries: list[str] = []

    def serve(
        root: Path,
        cache: Path,
        today: object,
        profiles: Sequence[str],
        query: str,
        port: int,
        on_ready: Callable[[str], None],
    ) -> None:
        queries.append(query)
        on_ready(f"{ADDRESS}{query}")

    monkeypatch.setattr(server, "serve", serve)
    return queries


@pytest.mark.parametrize(
    ("arguments", "locale", "handout", "place"),
    [
        (["es"], "es", "about-ipt", "au"),
        (["es-MX", "--handout", "references", "--region", "nz"], "es", "references", "nz"),
        (["en-XA"], "en-XA", "about-ipt", "au"),
        ([], "en", "about-ipt", "au"),
        (["--clinic", "example"], "en", "about-ipt", "example"),
        (["es", "--clinic", "elsewhere/hill.yaml", "--clinic", "example"], "es", "about-ipt", "hill"),
    ],
)
def test_it_opens_with_what_was_asked_for(
    project: Project, served: list[str], arguments: list[str], locale: str, handout: str, place: str
) -> None:
    """The locale that serves, a pseudo-locale too, the first where none is named; a clinic with its own region."""
    a_profile(project)
    ran = project.call("preview", *arguments)
    assert ran.code == 0, ran.err
    (query,) = served
    asked = {name: value[0] for name, value in parse_qs(query.removeprefix("?")).items()}
    assert asked == {"locale": locale, "handout": handout, "place": place}
    assert ran.out.splitlines()[0] == f"{ADDRESS}{query}"


def test_it_opens_the_browser_where_that_is_asked_for(
    project: Project, served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not otherwise; the browser is given a page that leads to the address, gone when the preview ends."""
    opened: list[str] = []
    monkeypatch.setattr(opening, "show", lambda page: opened.append(page.read_text(encoding="utf-8")))
    project.call("preview", "es")
    assert opened == []
    project.call("preview", "es", "--open")
    (page,) = opened
    assert escape(f"{ADDRESS}{served[0]}") in page
    assert not list(project.root.rglob("preview-*.html"))


def test_a_mistake_in_a_text_is_no_reason_not_to_show_it(project: Project, served: list[str]) -> None:
    """It is shown on the page; without the locale, or the content, there is nothing to show."""
    project.edit("locales/es/handouts.po", 'msgstr "En resumen"', 'msgstr "En <b>resumen</b>"')
    assert project.call("preview", "es").code == 0
    (project.root / "locales/el/locale.toml").write_text("autonym = ", encoding="utf-8")
    assert project.call("preview", "es").code == 0
    assert project.call("preview", "el").code == 1
    (project.root / "content/interface.yaml").write_text("{", encoding="utf-8")
    assert project.call("preview", "es").code == 1
    assert len(served) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--clinic", "exampel"], "Did you mean “example”"),
        (["--clinic", "example", "--region", "us"], "is in Australia (au), not in United States (us)"),
        (["--clinic", "elsewhere/none.yaml"], "elsewhere/none.yaml"),
        (["--clinic", "elsewhere/hill.yaml"], "“nowhere”"),
    ],
)
def test_a_clinic_that_cannot_be_shown_is_told(
    project: Project, served: list[str], arguments: list[str], says: str
) -> None:
    """A name that does not exist, another region than its own, no profile, and one with a fault."""
    a_profile(project, HILL.replace("us", "nowhere"))
    ran = project.call("preview", *arguments)
    assert ran.code == (1 if "hill" in arguments[1] else 2)  # a fault in a file that is there
    assert says in ran.err
    assert served == []
