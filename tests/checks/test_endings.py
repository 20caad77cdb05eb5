"""How a text ends, in every script; a translation ends as its English does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handouts.checks.endings import check_ending, ending
from handouts.checks.nouns import Setting
from handouts.model import Block
from handouts.sources.load import Sources


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("It helps.", "full stop"),
        ("Does it help?", "question mark"),
        ("هل يساعد؟", "question mark"),
        ("Βοηθά;", "question mark"),
        ("这有帮助吗？", "question mark"),
        ("यह मदद करता है।", "full stop"),
        ("ይረዳል።", "full stop"),
        ("ይረዳል፧", "question mark"),
        ("Օգնո՞ւմ է:", "question mark"),
        ("ကူညီသည်။", "full stop"),
        ("Wait…", "ellipsis"),
        ("Wait...", "ellipsis"),
        ("“It helps.”", "full stop"),
        ("„Hilft es?“", "question mark"),
        ("”کیا اس سے مدد ملتی ہے؟“", "question mark"),
        ("»Hjælper det?«", "question mark"),
        ("「助かりますか？」", "question mark"),
        ("**“Does it help?” **", "question mark"),
        ("It helps.[@a]", "full stop"),
        ("It helps", ""),
        ("", ""),
    ],
)
def test_a_mark_is_known_by_its_name_in_unicode(text: str, how: str) -> None:
    """Behind closing quotes and citations too; Armenian asks within the sentence."""
    assert ending(text) == how


@pytest.mark.parametrize(
    ("script", "english", "text", "told"),
    [
        ("Latn", "Does it help?", "Ayuda.", True),
        ("Latn", "It helps.", "¿Ayuda?", True),
        ("Latn", "It helps.", "Ayuda", False),
        ("Latn", "It helps. It heals.", "Ayuda. Cura", True),
        ("Latn", "Does it help?", "", False),
        ("Thai", "Does it help?", "ช่วยไหม", False),
        ("Jpan", "Does it help?", "役に立ちますか。", False),
        ("Jpan", "It helps.", "役に立ちますか？", True),
    ],
)
def test_a_question_stays_one(sources: Sources, script: str, english: str, text: str, told: bool) -> None:  # noqa: FBT001 - a table
    """And the last of several sentences keeps its mark; scripts that need none are left alone."""
    setting = Setting(replace(sources.locales["es"], script=script))
    found = list(check_ending(Block("a", english), text, setting))
    assert [fault.code for fault in found] == ["end-mark-changed"] * told
