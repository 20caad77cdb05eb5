"""What is wrong with a translation is seen, and what is right is left alone."""

from __future__ import annotations

import pytest

from handouts.checks.nouns import Setting
from handouts.checks.wording import common_words, faults
from handouts.model import Block, Locale
from handouts.problems import Fault
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


def test_a_word_is_common_that_stands_alone_again_and_again() -> None:
    """Of one that is only ever doubled no one can say that it was doubled by mistake."""
    assert common_words(["en casa", "en paz", "En mí", "poco poco", "poco poco a"]) == {"en"}


@pytest.mark.parametrize("pattern", [True, False])
def test_a_pattern_of_the_reference_list_may_be_the_english(sources: Sources, *, pattern: bool) -> None:
    """“In: {editors}” is the same in many languages; a sentence is not."""
    block = Block("citation.x", "pages of the book", optional=pattern)
    setting = Setting(sources.locales["es"])
    assert [fault.code for fault in faults(block, block.text, setting)] == ["untranslated"] * (not pattern)


# Right translations of other projects and of people who wrote to us, of which nothing is said.
RIGHT = [
    ("nl", "Latn", "Talking in the evening helps many people.", "’s Avonds praten helpt veel mensen."),
    ("af", "Latn", "A user with that name exists already.", "’n Gebruiker met daardie naam bestaan reeds."),
    ("am", "Ethi", "Does it suit me? What else could help?", "ይህ ይስማማኛል፧ ሌላ ምን ይረዳል፧"),
    ("hy", "Armn", "Does it suit me? What else could help?", "Սա ինձ հարմա՞ր է։ Ուրիշ ի՞նչը կօգնի։"),
    ("el", "Grek", "Does it suit me?", "Μου ταιριάζει;"),
    ("ja", "Jpan", "Would you still like to publish?", "それでも公開しますか。"),
    ("hi", "Deva", "When we always quarrel.", "जब हम हमेशा लड़ते हैं।"),
    ("de-CH", "Latn", "14,587 people answered.", "14’587 Personen antworteten."),
    ("hi", "Deva", "145,870 people answered.", "1,45,870 लोगों ने जवाब दिया।"),
    ("ja", "Jpan", "Checked in March.", "3月に確認。"),
    ("vi", "Latn", "Open on Wednesday.", "Mở cửa thứ 4."),
    ("ko", "Kore", "Meet with a third person.", "제3자와 만나기."),
    ("kk", "Cyrl", "The IPT helps.", "IPTның көмегі бар."),
    ("ko", "Kore", "Null is not allowed here.", "null 문자는 사용할 수 없습니다."),
    ("uk", "Cyrl", "Dec", "Груд."),
    ("nb", "Latn", "Change document:", "Endre dokument"),
    ("de", "Latn", "That you can see them there.", "Damit Sie sie dort sehen."),
    ("km", "Khmr", "It is not offered everywhere.", "មិនមាន\u200bនៅ\u200bគ្រប់\u200bកន្លែង\u200bទេ។"),
    ("my", "Mymr", "Add a group", "အဖွဲ့တစ်ခုထည့်ပါ"),
    ("lv", "Latn", "6 a.m.", "6 a.m."),
]


@pytest.mark.parametrize(("tag", "script", "english", "text"), RIGHT, ids=lambda part: str(part)[:20])
def test_what_is_right_in_its_language_is_left_alone(tag: str, script: str, english: str, text: str) -> None:
    """Words, marks and numbers are those of the script: a tool that cries wolf is switched off."""
    locale = Locale(tag, "en", "x", "x", "ltr", script, ("Noto Sans",))
    assert list(faults(Block("x.y", english), text, Setting(locale, common=common_words([text] * 9)))) == []


@pytest.mark.parametrize(
    ("english", "text"), [("Call three times.", "Llame 3 veces."), ("You may call.", "Llame al 5.")]
)
def test_in_a_safety_text_a_number_in_words_excuses_none(english: str, text: str) -> None:
    """Where a life may hang on it, a number that the English has not in digits is an error."""
    spanish = Locale("es", "es", "español", "Spanish", "ltr", "Latn", ("Noto Sans",))
    told = list(faults(Block("x.y", english, safety=True), text, Setting(spanish)))
    assert [(fault.code, fault.severity) for fault in told] == [("number-changed", "error")]


@pytest.mark.parametrize(
    ("english", "text", "code"),
    [
        ("He rests. It helps. Is it so.", "Descansa. Ayuda. Es así", "end-mark-changed"),
        ("It helps.", "¿Ayuda?", "end-mark-changed"),
        ("In March.", "El 4 de marzo.", "number-changed"),
        ("You may call.", "Llame el 5.", "number-changed"),
        ("14,587 people.", "14’588 personas.", "number-changed"),
        ("The IPT helps.", "La IPTна ayuda.", ""),
        ("It helps.", "La cитa ayuda.", "mixed-scripts"),
        ("It helps.", "’s avonds praten.", "capital-lost"),
    ],
)
def test_what_looks_like_it_and_is_wrong_is_told(english: str, text: str, code: str) -> None:
    """Nothing of the guard is lost with its false warnings."""
    spanish = Locale("es", "es", "español", "Spanish", "ltr", "Latn", ("Noto Sans",))
    codes = {fault.code for fault in faults(Block("x.y", english), text, Setting(spanish))}
    assert code in codes if code else "mixed-scripts" not in codes
