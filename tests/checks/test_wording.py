"""What is wrong with a translation is seen, and what is right is left alone."""

from __future__ import annotations

import pytest

from handouts.checks.catalogs import check_catalog
from handouts.checks.nouns import Setting
from handouts.checks.wording import common_words, faults
from handouts.model import Block
from handouts.problems import Fault
from handouts.sources.load import Sources
from tests.conftest import LOCALES
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


@pytest.mark.parametrize("tag", [tag for tag in LOCALES if tag != "en"])
def test_what_ships_has_no_fault_and_no_warning(sources: Sources, tag: str) -> None:
    """Every shipped catalog is complete and clean, every term of the glossary is where it should be."""
    assert [str(problem) for problem in check_catalog(sources, tag)] == []
    assert len({term.name for term in sources.glossary if tag in term.stems}) >= 15


def test_one_fault_among_many_messages_is_told_with_its_line_and_id(sources: Sources) -> None:
    """A problem names file, line and the message, which Poedit calls the context."""
    import dataclasses

    catalog = sources.catalogs["es"]
    lead = dataclasses.replace(catalog.messages["about-ipt.lead"], text="La IPT <b>ayuda</b>.")
    spoilt = dataclasses.replace(catalog, messages={**catalog.messages, lead.id: lead})
    loaded = dataclasses.replace(sources, catalogs={**sources.catalogs, "es": spoilt})
    told = [str(problem) for problem in check_catalog(loaded, "es") if problem.severity == "error"]
    assert told == [
        (
            f"locales/es/handouts.po:{lead.line} (about-ipt.lead): the translation holds HTML. "
            "Write plain words; use **strong** as the English does."
        )
    ]
