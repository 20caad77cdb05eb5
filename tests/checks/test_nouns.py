"""What the checks take for a mark."""

from __future__ import annotations

from handouts.checks.nouns import PLACEHOLDERS, warning


def test_marks_are_what_a_translator_must_leave_as_it_is() -> None:
    """A placeholder, a citation and where a link leads; not the words of the link, and no other brackets."""
    text = "Call {phone} [now](https://www.example.org/a).[@cuijpers2016] (or {Phone}, [later])"
    assert PLACEHOLDERS.findall(text) == ["{phone}", "](https://www.example.org/a)", "[@cuijpers2016]"]
    assert PLACEHOLDERS.sub("", text) == "Call  [now. (or {Phone}, [later])"


def test_a_warning_stops_nothing() -> None:
    """What may be right is told, with its kind and its cure."""
    fault = warning("two-spaces", "two spaces stand here.", "Remove one.")
    assert (fault.code, fault.what, fault.fix) == ("two-spaces", "two spaces stand here.", "Remove one.")
    assert fault.severity == "warning"
