"""The text behind the glyphs is the text that was set, in scripts that move, stack and join letters."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from handouts.library.plan import Choice, plan
from handouts.model import Layout
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.pdf.exact import text_layer
from handouts.pdf.exact.embed import CharacterCodes, Cluster
from handouts.sources.load import Sources, load_sources
from handouts.sources.look import Look
from handouts.verify import words
from handouts.verify.extractors import EXTRACTORS, mupdf
from tests.conftest import BILINGUAL_EXAMPLES, EXAMPLES, SPREAD, TODAY, our_look, tries
from tests.pdf.exact.pages import CLUSTERS, page_of_lines


def a_word(tag: str) -> st.SearchStrategy[str]:
    """Return a strategy for words of two to four clusters: extractors join single letters that stand apart."""
    return st.lists(st.sampled_from(CLUSTERS[tag][1].split()), min_size=2, max_size=4).map("".join)


@pytest.mark.parametrize("tag", CLUSTERS)
@settings(
    max_examples=tries(4),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
@given(data=st.data())
def test_random_words_go_through_a_page_and_come_back(tag: str, data: st.DataObject) -> None:
    """Whatever letters stand together, all programs give back the words that were set, whole and in order."""
    line = st.lists(a_word(tag), min_size=3, max_size=4).map(" ".join)
    lines = data.draw(st.lists(line, min_size=10, max_size=20))
    with tempfile.TemporaryDirectory() as folder:
        file = page_of_lines(lines, tag, CLUSTERS[tag][0], Path(folder))
        for name, extract in EXTRACTORS.items():
            found = extract(file)
            count = words.count("\n".join(lines), found, tag)
            assert (count.lost, count.exact) == ((), count.words), name
            assert name == "poppler" or count.in_order == count.words, name
            assert words.strange(found) == [], name


# What ships goes through the gate as a whole (tests/verify/test_release.py), with the same question asked.
@pytest.mark.untraced
@pytest.mark.long
@pytest.mark.parametrize(
    ("tag", "layout"),
    [*((tag, "standard") for tag in EXAMPLES), *((tag, "bilingual") for tag in BILINGUAL_EXAMPLES)],
)
def test_every_program_finds_every_word(tag: str, layout: Layout, examples: Path) -> None:
    """Search, copy and listening get the words of the handout: all of them, and in order by pdfium and MuPDF."""
    choice = Choice(locales=(tag,), handouts=("about-ipt",), formats=("pdf",), layouts=(layout,))
    (page,) = plan(Approval(_loaded(examples), our_look()), choice)
    wanted = words.body_text(words.parse_html(compose(page, our_look())))
    for name, extract in EXTRACTORS.items():
        count = words.count(wanted, extract(examples / "dist" / page.rendition.file), tag)
        assert count.words > 700
        assert not count.lost, name
        # Where a line ends, a dictionary may part words elsewhere.
        if name != "poppler":
            assert count.in_order >= (0.995 if name == "MuPDF" else 0.97) * count.words


@pytest.mark.node
def test_firefox_finds_the_words_too(built: Path, sources: Sources, look: Look) -> None:
    """pdf.js, which knows ToUnicode and nothing else, finds all but a few words, most from left to right."""
    from tests.pdfjs import pdf_js

    choice = Choice(locales=SPREAD, handouts=("about-ipt",), formats=("pdf",), layouts=("standard",))
    pages = plan(Approval(sources, our_look()), choice)
    found = pdf_js([built.parent / page.rendition.file for page in pages])
    assert len(pages) == len(found) == len(SPREAD)
    for page in pages:
        tag, rightward = page.locale.tag, page.locale.direction == "rtl"
        wanted = words.body_text(words.parse_html(compose(page, look)))
        count = words.count(wanted, found[built.parent / page.rendition.file], tag)
        assert count.exact >= (0.9 if rightward else 0.99) * count.words, tag


def test_glyphs_are_read_as_pango_has_them() -> None:
    """A record is as long as Pango's, and the two numbers that are no glyphs are its own."""
    from weasyprint.text.ffi import ffi, pango

    assert ffi.sizeof("PangoGlyphInfo") == text_layer.GLYPH.size
    assert pango.PANGO_GLYPH_EMPTY == text_layer.EMPTY
    assert pango.PANGO_GLYPH_UNKNOWN_FLAG == text_layer.UNKNOWN
    infos = ffi.new("PangoGlyphInfo[]", [(7, (1, -2, 3), (1,)), (text_layer.EMPTY, (4, 5, -6), (0,))])
    starts = ffi.new("int[]", [0, 3])
    string = ffi.new("PangoGlyphString *", (2, infos, starts))
    assert text_layer.glyphs_of(string[0]) == (
        [0, 3],
        [(7, 1, -2, 3), (text_layer.EMPTY, 4, 5, -6)],
    )


@cache
def _loaded(root: Path) -> Sources:
    loaded, problems = load_sources(root, TODAY)
    assert not [problem for problem in problems if problem.severity == "error"]
    return loaded


def test_a_stock_page_loses_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard is seen to fail: with one text for a glyph wherever it stands, words are lost."""
    tag, (family, clusters) = "hi", CLUSTERS["hi"]
    first: dict[int, str] = {}

    def code(self: CharacterCodes, cluster: Cluster) -> int:
        text = first.setdefault(cluster.parts[0][0] if cluster.parts else 0, cluster.text)
        return plain(self, Cluster(cluster.parts, text, cluster.advance))

    plain = CharacterCodes.code
    monkeypatch.setattr(CharacterCodes, "code", code)
    lines = [" ".join(a + b for a, b in zip(clusters.split(), clusters.split()[3:], strict=False))]
    found = mupdf(page_of_lines(lines, tag, family, tmp_path))
    assert words.count(lines[0], found, tag).lost
