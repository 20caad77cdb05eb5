"""What is put into a text keeps its own direction, and leads where it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from handouts.model import Block, HelpLine
from handouts.page.values import (
    LRI,
    PDI,
    RLI,
    Moment,
    Value,
    counter,
    dial,
    file_size,
    in_words,
    isolate,
    moment,
    month,
    person,
    phone,
    sms,
    value,
    way_to,
    web,
)
from handouts.sources.load import Sources


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Example Clinic", "ltr"), ("عيادة", "rtl"), ("12 عيادة", "rtl"), ("13 11 14", "ltr"), ("", "ltr"), ("“שלום”", "rtl")],
)  # fmt: skip
def test_a_value_runs_as_its_first_letter_does(text: str, direction: str) -> None:
    """Digits and marks say nothing; without a letter it runs left to right, as numbers do."""
    assert value(text).direction == direction


def test_numbers_are_dialled_without_spaces_and_printed_with_them() -> None:
    """As people read them, and as a phone wants them."""
    assert phone("13 11 14") == Value("13 11 14", "ltr", "tel:131114", "phone")
    assert sms("0477 13 11 14") == Value("0477 13 11 14", "ltr", "sms:0477131114", "phone")
    assert counter("page").kind == "counter"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.example.org/", "example.org"),
        ("https://example.org/a/b", "example.org/a/b"),
        ("https://doi.org/10.1/x", "doi.org/10.1/x"),
    ],
)
def test_an_address_is_shown_as_people_read_it_and_leads_to_the_whole(url: str, shown: str) -> None:
    """No scheme, no www, no slash at the end."""
    assert (web(url).text, web(url).href, web(url).direction) == (shown, url, "ltr")


@pytest.mark.parametrize(
    ("call", "text", "ways"),
    [
        ("988", "988", ["call-or-text"]),
        ("13 11 14", "0477 13 11 14", ["call", "text-message"]),
        ("111", "", ["call"]),
        ("", "741741", ["text-message"]),
    ],
)
def test_a_help_line_says_how_it_is_reached(call: str, text: str, ways: list[str]) -> None:
    """One number for both is said once; no number is left out, and none is made up."""
    line = HelpLine("x", "crisis", Block("x.name", "X"), Block("x.about", ""), call, text)
    assert [key for key, _ in dial(line)] == ways
    assert {number.text for _, number in dial(line)} == {call, text} - {""}


def test_a_month_is_said_in_the_words_of_its_text(sources: Sources) -> None:
    """In its language and direction; all else stays as it is."""
    spanish = in_words(month("2026-11"), sources.locales["es"])
    assert "noviembre" in spanish.text
    assert in_words(month("2026-11"), sources.locales["ar"]).direction == "rtl"
    several = in_words(month("2026-10", "2026-11"), sources.locales["en"])
    assert several.text == "October 2026 and November 2026"
    assert in_words("A", sources.locales["ar"]) == value("A")
    assert in_words(phone("111"), sources.locales["ar"]) == phone("111")


def test_what_isolates_has_the_direction_of_the_value() -> None:
    """13 11 14 in Arabic would else be read as 14 11 13."""
    assert isolate(phone("13 11 14")) == f"{LRI}13 11 14{PDI}"
    assert isolate(value("عيادة")) == f"{RLI}عيادة{PDI}"


def test_the_size_of_a_file_is_said_as_the_locale_writes_it(sources: Sources) -> None:
    """In whole kilobytes of 1,000 bytes, in its own digits where it has them; a small file is not nothing."""
    english = sources.locales["en"]
    assert [file_size(size, english) for size in (12, 1_499, 99_600)] == ["1 kB", "1 kB", "100 kB"]
    assert file_size(99_600, sources.locales["ru"]) == "100 кБ"
    assert file_size(99_600, replace(english, digits="٠١٢٣٤٥٦٧٨٩")) == "١٠٠ kB"


def test_a_way_to_book_is_a_number_or_an_address() -> None:
    """Whichever it is, it leads there."""
    assert way_to("02 5550 0100").href == "tel:0255500100"
    assert way_to("https://clinic.example/book") == web("https://clinic.example/book")


@pytest.mark.parametrize(
    ("tag", "region", "written"),
    [("en", "au", "Thursday, 3 December 2026, 2:30 pm"), ("en", "us", "Thursday, December 3, 2026, 2:30 PM"),
     ("ar", "au", "الخميس، 3 ديسمبر 2026، 2:30 م"), ("fa", "au", "پنجشنبه ۳ دسامبر ۲۰۲۶، ۱۴:۳۰"),
     ("th", "au", "วันพฤหัสบดีที่ 3 ธันวาคม ค.ศ. 2026 14:30"), ("zh-Hans", "au", "2026年12月3日星期四 14:30")],
)  # fmt: skip
def test_a_moment_is_written_as_people_of_the_region_do(
    sources: Sources, tag: str, region: str, written: str
) -> None:
    """With its weekday, in the digits of the locale, without marks of direction; a day has no time."""
    when = datetime.fromisoformat("2026-12-03 14:30")
    said = moment(when, sources.locales[tag], region)
    assert " ".join(said.split()) == " ".join(written.split())
    assert moment(when.date(), sources.locales[tag], region) in said
    given = in_words(Moment(when, region), sources.locales[tag])
    assert (given.text, given.direction) == (said, sources.locales[tag].direction)
    assert "2026" not in repr(Moment(date(2026, 12, 3), region))


@pytest.mark.parametrize(
    ("text", "direction"), [("Zoë", "ltr"), ("Dr محمد", "rtl"), ("محمد Ruiz", "rtl"), ("欧阳", "ltr")]
)
def test_a_name_with_right_to_left_letters_runs_so(text: str, direction: str) -> None:
    """Also after a Latin title."""
    assert person(text) == Value(text, direction, kind="person")  # type: ignore[arg-type]
