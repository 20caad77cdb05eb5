"""What mail clients support, by caniemail: everything in the body, and all but a few things around it."""

from __future__ import annotations

import json

import pytest

from tests.caniemail import CLIENTS, FOLDER, body, unsupported

# These add to a page where clients know them, and do no harm where they do not: everything is in the body
# in another way too.
ALLOWED = {"<body> element", "<style> element", "@media", "color-scheme meta tag"}
TABLE = '<table role="presentation"><tr><td style="padding: 8px;">x</td></tr></table>'

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("caniemail")]


@pytest.fixture(scope="module")
def judged(emails: dict[str, str]) -> dict[str, dict[str, set[str]]]:
    """Ask caniemail once, of the body and the whole of every page."""
    asked = {f"body {name}": body(page) for name, page in emails.items()}
    return unsupported(asked | {f"page {name}": page for name, page in emails.items()})


def named(judged: dict[str, dict[str, set[str]]], part: str) -> set[tuple[str, str]]:
    """Return what is not supported, each with its client; every client was asked of every page."""
    pages = [clients for name, clients in judged.items() if name.startswith(part)]
    assert len(pages) > 20
    assert all(set(clients) == set(CLIENTS) for clients in pages)
    return {(client, feature) for each in pages for client, features in each.items() for feature in features}


def test_every_client_supports_everything_in_the_body(judged: dict[str, dict[str, set[str]]]) -> None:
    """Gate A: of the body, as the inliner leaves it, nothing is unsupported by any client in any locale."""
    assert named(judged, "body") == set()


def test_what_stands_around_the_body_is_known(judged: dict[str, dict[str, set[str]]]) -> None:
    """Gate B: of the whole page, only what does no harm where it is dropped is unsupported, and no less."""
    assert {feature for _, feature in named(judged, "page")} == ALLOWED


@pytest.mark.parametrize(
    ("page", "client", "feature"),
    [
        ('<p style="white-space: nowrap">x</p>', "outlook.windows", "white-space"),
        ("<p>a<wbr>b</p>", "gmail.ios", "<wbr> element"),
        ('<p style="display: flex">x</p>', "outlook.windows", "display:flex"),
        ('<p style="border-radius: 4px">x</p>', "outlook.windows", "border-radius"),
        ("<p><bdi>x</bdi></p>", "yahoo.ios", "<bdi> element"),
        ("<style>p { color: red } @media all { p { color: red } }</style>", "outlook.windows", "@media"),
    ],
)
def test_what_a_client_drops_is_seen(page: str, client: str, feature: str) -> None:
    """What the gates are for is found in a page that is good but for it, with its client."""
    found = unsupported({"good": TABLE, "spoilt": TABLE + page})
    assert not any(found["good"].values())
    assert feature in found["spoilt"][client]


def test_the_rows_of_a_table_are_no_body() -> None:
    """A parser puts tbody into every table, and it is not taken for a body, which three clients drop."""
    rows = TABLE.replace("<tr>", "<tbody><tr>").replace("</tr>", "</tr></tbody>")
    found = unsupported({"rows": rows, "body": f"<body>{TABLE}</body>"})
    assert not any(found["rows"].values())
    assert "<body> element" in found["body"]["yahoo.ios"]


def test_a_client_that_is_not_known_is_told() -> None:
    """A client that caniemail has another name for would else support everything."""
    with pytest.raises(RuntimeError, match="outlook-com"):
        unsupported({"good": TABLE}, ["outlook-com"])


def test_packages_are_those_that_were_measured_with() -> None:
    """Every package has one exact version: a range silently gave another caniemail, which knows half as much."""
    wanted = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted["caniemail"] == "2.0.2"
    for name, version in wanted.items():
        there = json.loads((FOLDER / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        assert there["version"] == version
