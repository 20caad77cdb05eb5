"""How messages and values are written in each format."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handouts import markup
from handouts.breaks import JOIN, without_breaks
from handouts.model import LineEnds
from handouts.page.references import CitationMark
from handouts.page.values import LRI, PDI, Value, phone, value, web
from handouts.page.writers import (
    MailWriter,
    PrintWriter,
    TextWriter,
    WebWriter,
    Writer,
    write_message,
    writer,
)
from handouts.sources.load import Sources
from tests.page.conftest import Planned

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)


@given(TEXT)
def test_no_message_can_write_html(sources: Sources, text: str) -> None:
    """Whatever a message holds, the page gets no element and no attribute that markup does not give."""
    to = PrintWriter(sources.locales["es"])
    names = markup.found(text, "placeholder")
    html = write_message(
        text,
        to,
        {n: Value("v", "ltr") for n in names},
        dict.fromkeys(markup.found(text, "citation"), CitationMark(1, "1")),
    )
    left = html
    for allowed in (
        "<strong>",
        "</strong>",
        "<em>",
        "</em>",
        "</a>",
        "</bdi>",
        "</sup>",
        '<sup class="cite">',
    ):
        left = left.replace(allowed, "")
    tags = [part.split(">")[0] for part in left.split("<")[1:]]
    assert all(tag.startswith(('a href="', 'bdi dir="')) for tag in tags)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_every_value_is_isolated_once(sources: Sources, text: str) -> None:
    """A value keeps its own order whatever stands around it, in every format."""
    given_value = value(text)
    spanish = sources.locales["es"]
    assert PrintWriter(spanish).value(given_value).count('<bdi dir="') == 1
    assert MailWriter(spanish).value(given_value).count(PDI) >= 1
    assert TextWriter("rtl").value(given_value).endswith(PDI)


def written(to: Writer, text: str) -> str:
    """Return a message as a writer writes it, with a phone number and a citation put in."""
    return write_message(text, to, {"phone": phone("13 11 14")}, {"x2020": CitationMark(3, "٣")})


MESSAGE = "**Call** {phone} or [look](https://example.org/a).[@x2020]"


def test_paper_says_the_direction_of_every_value(sources: Sources) -> None:
    """Without `dir`, 13 11 14 prints as 14 11 13; a citation leads to its work and never begins a line."""
    html = written(PrintWriter(sources.locales["ar"]), MESSAGE)
    assert '<a href="tel:131114"><bdi dir="ltr" class="phone">13 11 14</bdi></a>' in html
    assert f'{JOIN}<sup class="cite"><a href="#ref-3">[٣]</a></sup>' in html
    assert html.startswith("<strong>Call</strong> ")


def test_a_number_within_a_link_is_no_link_of_its_own(sources: Sources) -> None:
    """Browsers would take the two apart."""
    for to in (PrintWriter(sources.locales["en"]), MailWriter(sources.locales["en"])):
        html = write_message("[Call **{phone}**](https://a.example)", to, {"phone": phone("000")}, {})
        assert (html.count("<a "), "tel:" in html, "000" in html) == (1, False, True)


def test_an_email_isolates_by_characters(sources: Sources) -> None:
    """Clients drop `bdi`, and `dir` on links; Outlook would break a number without spaces that hold."""
    html = written(MailWriter(sources.locales["ar"]), MESSAGE)
    number = "13 11 14".replace(" ", "\N{NO-BREAK SPACE}")
    assert f'<a href="tel:131114">{LRI}{number}{PDI}</a>' in html
    assert f" {LRI}[٣]{PDI}" in html
    assert "<bdi" not in html


def test_a_long_address_may_end_its_line_in_an_email(sources: Sources) -> None:
    """Between its parts, since clients drop `wbr`; it must not widen a narrow screen."""
    html = MailWriter(sources.locales["en"]).value(web("https://www.example.org/a/b"))
    assert [part.split("<")[0] for part in html.split('<span class="piece">')[1:]] == [
        "example.org/",
        "a/",
        "b",
    ]


def test_plain_text_has_no_markup_and_says_where_links_lead() -> None:
    """Isolated only where the text runs right to left: elsewhere a reader's program may show the marks."""
    left, right = (written(TextWriter(direction), MESSAGE) for direction in ("ltr", "rtl"))
    assert left == "Call 13 11 14 or look (https://example.org/a). [٣]"
    assert f"{LRI}13 11 14{PDI}" in right


def test_a_name_that_begins_with_a_number_keeps_its_order_from_right_to_left(sources: Sources) -> None:
    """As “13 Yarn”: its number would else go to the other end."""
    arabic = write_message("اتصل 13 Yarn الآن", MailWriter(sources.locales["ar"]), {}, {})
    assert f"{LRI}13 Yarn{PDI}" in arabic
    assert LRI not in write_message("Call 13 Yarn now", MailWriter(sources.locales["en"]), {}, {})


def test_english_inside_another_language_says_so(sources: Sources) -> None:
    """On paper by its tags, in an e-mail on a line of its own, in plain text in brackets."""
    assert PrintWriter(sources.locales["ar"]).foreign("Help", "beside") == (
        '<span lang="en" dir="ltr" class="beside">Help</span>'
    )
    assert MailWriter(sources.locales["ar"]).foreign("Help", "beside").startswith("<br><span lang")
    assert TextWriter("ltr").foreign("Help", "beside") == "(Help)"


def test_a_web_page_is_written_for_browsers_which_know_line_ends_and_bdi(sources: Sources) -> None:
    """No character that is not in the text; values isolated with their direction; a citation leads to its work."""
    arabic = WebWriter(sources.locales["ar"])
    html = write_message("اتصل 13 Yarn الآن.[@a]", arabic, {}, {"a": CitationMark(3, "٣")})
    assert html == (
        'اتصل <bdi dir="ltr" class="value">13 Yarn</bdi> الآن.<sup class="cite"><a href="#ref-3">[٣]</a></sup>'
    )
    khmer = "សូមសួរគ្លីនិករបស់លោកអ្នក"
    assert (
        WebWriter(sources.locales["km"]).text(khmer)
        == khmer
        != PrintWriter(sources.locales["km"]).text(khmer)
    )


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("pdf", PrintWriter),
        ("web", WebWriter),
        ("email", MailWriter),
        ("eml", MailWriter),
        ("text", TextWriter),
    ],
)
def test_every_format_has_its_writer(planned: Planned, form: str, kind: type) -> None:
    """The HTML of an e-mail in a file is that of an e-mail."""
    page = planned("ar", form)
    assert type(writer(page.rendition, page.locale)) is kind


RULES = LineEnds(after=("w", "«"), before=("»",), units=("zł",))


def test_a_space_is_kept_whatever_stands_in_bold_or_is_filled_in(sources: Sources) -> None:
    """The message is looked at as it is read: across marks and values. In an e-mail and in plain text it stays as written."""
    text, values = "mowa **w** domu, « **mot** » za {price} zł", {"price": Value("5", "ltr")}
    spanish = sources.locales["es"]
    html = write_message(text, PrintWriter(spanish), values, {}, RULES)
    assert re.sub("<[^>]+>", "", html).replace(f" {JOIN}", "_") == "mowa w_domu, «_mot_» za 5_zł"
    for to in (MailWriter(spanish), WebWriter(spanish), TextWriter("ltr")):
        assert JOIN not in write_message(text, to, values, {}, RULES)


@given(TEXT)
def test_marks_of_kept_spaces_change_no_letter(sources: Sources, text: str) -> None:
    """Without them the message is what it is without rules."""
    to, names = PrintWriter(sources.locales["es"]), markup.found(text, "placeholder")
    values = {name: Value("v 5", "ltr") for name in names}
    marks = dict.fromkeys(markup.found(text, "citation"), CitationMark(1, "1"))
    with_rules = write_message(text, to, values, marks, LineEnds(("a", "«"), ("»",), ("g",), counted=True))
    assert without_breaks(with_rules) == without_breaks(write_message(text, to, values, marks))


def test_a_word_behind_a_slash_is_parted_and_what_is_before_it_stays_whole(sources: Sources) -> None:
    """A line may end behind a slash, so that the word that has no room is a part of what stands between two spaces."""
    word = "Unterstützungsmöglichkeitenangebotswesenheiten"
    to = PrintWriter(replace(sources.locales["en"], tag="de"), (word, "und"))
    said = to.text(f"Sie und/{word}, und du")
    assert re.sub("<[^>]+>|[\u00ad\u200b\u2060]", "", said) == f"Sie und/{word}, und du"
    assert said.count('class="long"') == 2  # the word, and the short one that stands by itself
    assert "\u00ad" in said.partition('class="long"')[2].partition("</span>")[0]
