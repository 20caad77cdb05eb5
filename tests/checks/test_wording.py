"""What is wrong with a translation is seen, and what is right is left alone."""

from __future__ import annotations

import pytest

from handouts.checks.nouns import Setting
from handouts.checks.wording import check_message, common_words, faults
from handouts.model import Block, Locale
from handouts.problems import Fault
from handouts.sources.catalogs import Catalog, Message
from handouts.sources.load import Sources
from tests.seeded_faults import FAULTS, Seeded


def found(fault: Seeded, text: str, sources: Sources) -> list[Fault]:
    """Return what the checks say of a translation of a seeded message."""
    block = Block("x.y", fault.english, safety=fault.safety, limit=fault.limit)
    common = common_words(m.text for m in sources.catalogs[fault.locale].messages.values())
    setting = Setting(sources.locales[fault.locale], sources.glossary, usual=1.0, common=common)
    if setting.locale.script in {"Hans", "Hant"}:
        setting = Setting(setting.locale, setting.glossary)
    return list(faults(block, text, setting))


def test_there_are_faults_of_many_kinds() -> None:
    """At least 25 that a machine can see, of at least 20 kinds."""
    seen = [fault.code for fault in FAULTS if fault.code]
    assert len(seen) >= 25
    assert len(set(seen)) >= 20


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_found_and_its_right_form_is_not_one(fault: Seeded, sources: Sources) -> None:
    """The check that is meant for it finds the fault, as error or warning; the right translation is clean."""
    assert found(fault, fault.right, sources) == []
    seen = {each.code: each for each in found(fault, fault.wrong, sources)}
    assert (not fault.code and not seen) or seen[fault.code].severity == fault.severity
    for each in seen.values():
        assert each.what.endswith(".")
        assert each.fix.endswith((".", "…", "glossary.yaml.")) or "Add" in each.fix


def test_one_message_is_told_with_its_line_and_id() -> None:
    """A problem names file, line and the message, which Poedit calls the context."""
    catalog = Catalog("locales/es/handouts.po", {})
    message = Message("about-ipt.lead", "It helps.", "La IPT <b>ayuda</b>.", line=14)
    spanish = Locale("es", "es", "español", "Spanish", "ltr", "Latn", ("Noto Sans",))
    block = Block("about-ipt.lead", "It helps.")
    told = [str(problem) for problem in check_message(block, message, catalog, Setting(spanish))]
    assert told == [
        (
            "locales/es/handouts.po:14 (about-ipt.lead): the translation holds HTML. "
            "Write plain words; use **strong** as the English does."
        )
    ]


def test_a_word_is_common_that_stands_alone_again_and_again() -> None:
    """Of one that is only ever doubled no one can say that it was doubled by mistake."""
    assert common_words(["en casa", "en paz", "En mí", "poco poco", "poco poco a"]) == {"en"}


@pytest.mark.parametrize("pattern", [True, False])
def test_a_pattern_of_the_reference_list_may_be_the_english(sources: Sources, *, pattern: bool) -> None:
    """“In: {editors}” is the same in many languages; a sentence is not."""
    block = Block("citation.x", "pages of the book", optional=pattern)
    setting = Setting(sources.locales["es"])
    assert [fault.code for fault in faults(block, block.text, setting)] == ["untranslated"] * (not pattern)
