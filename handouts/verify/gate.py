"""The gate: every rendition of a manifest is read back, and held against what it should say and look like."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from handouts.library.manifest import ManifestEntry
from handouts.mail.inline import compose_for_mail
from handouts.mail.lint import lint
from handouts.model import SOURCE_LANGUAGE, Layout, Page
from handouts.page.compose import compose
from handouts.page.references import number_references
from handouts.problems import Problem
from handouts.sources.look import Look
from handouts.verify import drawn, pixels, standards, tags, typography, words
from handouts.verify.extractors import EXTRACTORS

SMALLEST: Mapping[Layout, float] = {"standard": 12, "bilingual": 12, "large-print": 16}  # UKAAF
LINE, WIDE_LINE = range(45, 76), range(25, 46)  # characters; UKAAF, and half of it for wide ones
IN_ORDER = 0.97  # of the words; pdfium has an order of its own for some signs in right-to-left lines
LEAST = {"poppler": 1.0, "pdfium": 1.0, "MuPDF": 0.99}  # share of words found exactly
ENOUGH = 20  # lines, for their length to be that of running text
SHOWN = 3
TURNED = re.compile(r"\](\d{1,3})\[")
AGAIN = "Build it again; if that does not help, report this."


@dataclass
class Verdict:
    """What was measured of a rendition, by the head of a column, and what is wrong with it."""

    file: str
    facts: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, code: str, what: str, fix: str, examples: list[str]) -> None:
        """Add a problem if there are examples of it; at most three are named."""
        if examples:
            more = f" and {len(examples) - SHOWN} more" if len(examples) > SHOWN else ""
            shown = ", ".join(f"“{each}”" for each in examples[:SHOWN])
            self.problems.append(Problem(code, self.file, f"{what}: {shown}{more}.", fix))


@dataclass(frozen=True)
class Reading:
    """A PDF as it was read: its page as composed, what is drawn on it, what it says of itself."""

    path: Path
    page: Page
    html: Any
    glyphs: list[drawn.Glyph]
    outline: tags.Outline
    lines: list[typography.Line]


def examine(path: Path, entry: ManifestEntry, page: Page, look: Look) -> Verdict:
    """Return the verdict on one file of a manifest; what no reader can open is a problem like any other."""
    verdict, form = Verdict(entry.rendition.file), entry.rendition.format
    try:
        _bytes(verdict, path, entry)
        if form == "eml" and not verdict.problems:
            _message(verdict, path, page, look)
        elif form != "pdf" and not verdict.problems:
            _letters(verdict, path, page, look)
            if form == "email":
                _clients(verdict, path.read_text(encoding="utf-8"))
        elif not verdict.problems:
            reading = _read(path, page, look)
            verdict.facts["pages"] = str(len(reading.outline.areas))
            verdict.facts["kB"] = f"{path.stat().st_size / 1000:.0f}"
            for check in CHECKS:
                check(verdict, reading)
    except Exception as error:  # noqa: BLE001 - a file that cannot be read must not stop the others
        what = f"it cannot be read: {type(error).__name__}: {error}."
        verdict.problems.append(Problem("cannot-read", verdict.file, what, AGAIN))
    return verdict


def _read(path: Path, page: Page, look: Look) -> Reading:
    found, outline = drawn.glyphs(path), tags.read(path)
    html = words.parse(compose(page, look))
    return Reading(path, page, html, found, outline, typography.lines(found, outline))


def _bytes(verdict: Verdict, path: Path, entry: ManifestEntry) -> None:
    """Check that the file is there, and is the one that was made."""
    if not path.is_file():
        verdict.problems.append(
            Problem("file-missing", verdict.file, "the file is missing.", "Build it again.")
        )
    elif hashlib.sha256(path.read_bytes()).hexdigest() != entry.sha256:
        what = "the file is not the one that was made: its checksum differs."
        verdict.problems.append(
            Problem("file-not-one-made", verdict.file, what, "Build it again, and find out who changed it.")
        )


def _message(verdict: Verdict, path: Path, page: Page, look: Look) -> None:
    """Check that a message is a draft to no one, and that its text, HTML and paper are those of the sources."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = {
        part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()
    }
    text = replace(page, rendition=replace(page.rendition, format="text", layout="standard"))
    wanted = {"text/plain": compose_for_mail(text, look), "text/html": compose_for_mail(page, look)}
    wrong = [kind for kind, said in wanted.items() if parts.get(kind, "").replace("\r\n", "\n") != said]
    verdict.wrong(
        "part-not-say-what", "a part does not say what the sources say now", "Build it again.", wrong
    )
    _clients(verdict, parts.get("text/html", ""))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as paper:
        paper.write(parts.get("application/pdf", b""))
        paper.flush()
        printed = replace(page, rendition=replace(page.rendition, format="pdf"))
        reading = _read(Path(paper.name), printed, look)
        for check in (_numbers, _names):  # the rest is asked of the same paper as a file of its own
            check(verdict, reading)
    private = {"From", "To", "Cc", "Bcc", "Date", "Message-ID"} & set(message.keys())
    verdict.wrong(
        "draft-header-message-sent", "a draft has a header of a message that was sent", AGAIN, sorted(private)
    )


def _letters(verdict: Verdict, path: Path, page: Page, look: Look) -> None:
    """Check that an e-mail or a text says what the sources say now, to the letter."""
    if path.read_bytes() != compose_for_mail(page, look).encode():
        what = "it does not say what the sources say now."
        verdict.problems.append(Problem("not-say-what-sources", verdict.file, what, "Build it again."))


def _clients(verdict: Verdict, html: str) -> None:
    """Check that an e-mail holds nothing that mail clients drop, refuse or clip."""
    found = lint(html)
    fix = "Write it in another way in templates/email.html or templates/email.css."
    verdict.wrong("mail-clients-would-not", "mail clients would not show it as it is meant", fix, found)


def _words(verdict: Verdict, reading: Reading) -> None:
    """Check that every program finds every word."""
    wanted = words.body_text(reading.html)
    tag = reading.page.locale.tag
    for name, extract in EXTRACTORS.items():
        found = extract(reading.path)
        count = words.count(wanted, found, tag)
        verdict.facts[name] = f"{count.exact}/{count.words}"
        fix = "Build it again, if its text has changed since. If that does not help, report this."
        if count.exact < LEAST[name] * count.words:
            verdict.wrong("not-find-words", f"{name} does not find words", fix, list(count.lost))
        if name != "poppler" and count.in_order < IN_ORDER * count.words:
            share = f"{count.in_order} of {count.words}"
            verdict.wrong("finds-words-out-order", f"{name} finds words out of order", AGAIN, [share])
        verdict.wrong(
            "finds-characters-not-text",
            f"{name} finds characters that are not in the text",
            AGAIN,
            words.strange(found),
        )


def _margins(verdict: Verdict, reading: Reading) -> None:
    """Check that every page has its header and footer: the draft notice, edition, language, region."""
    # A joiner has no glyph of its own to be seen among those that are drawn.
    wanted = [
        words.unjoined(w) for w in words.words(words.margin_text(reading.html), reading.page.locale.tag)
    ]
    there = ["" for _ in reading.outline.areas]
    for glyph in reading.glyphs:
        if glyph.mark < 0:
            there[glyph.page] += glyph.character
    bare = [
        f"page {number}"
        for number, text in enumerate(there, 1)
        if any(word not in words.unjoined(words.clean(text)) for word in wanted if words.COUNTER not in word)
    ]
    verdict.wrong("header-footer-not-whole", "the header or footer is not whole", AGAIN, bare)


def _standards(verdict: Verdict, reading: Reading) -> None:
    """Check that both standards are kept, and that what no validator sees is right."""
    alternatives = [tag.alternative for tag in reading.outline.tags if tag.roles[-1] == "Figure"]
    rules = standards.broken_rules(reading.path)
    found = standards.findings(reading.path, alternatives)
    verdict.facts["UA-1, A-2a"] = str(len(rules))
    verdict.facts["outloud"] = str(len(found))
    verdict.wrong("breaks-rule-standard", "it breaks a rule of a standard", AGAIN, rules)
    verdict.wrong("screen-reader-would-stumble", "a screen reader would stumble", AGAIN, found)


def _order(verdict: Verdict, reading: Reading) -> None:
    """Check that what is read aloud is painted in the order in which it is read."""
    spoken, painted = sorted(reading.outline.order, key=lambda piece: piece[0]), list(reading.outline.painted)
    wrong = [f"page {a[0] + 1}" for a, b in zip(spoken, painted, strict=False) if a != b]
    missing = set(spoken) ^ set(painted)
    verdict.wrong(
        "painted-another-order-read",
        "it is painted in another order than it is read aloud",
        AGAIN,
        list(dict.fromkeys(wrong)),
    )
    verdict.wrong(
        "pieces-painted-not-read",
        "pieces are painted and not read aloud, or the reverse",
        AGAIN,
        [str(n) for n in sorted(missing)],
    )


def _numbers(verdict: Verdict, reading: Reading) -> None:
    """Check that every phone number and every citation is drawn whole, and from left to right."""
    rows = drawn.drawn_lines(reading.glyphs)
    page, text = reading.page, words.clean(words.body_text(reading.html))
    numbers = [n for line in page.handout.region.lines for n in (line.call, line.text) if n]
    numbers += [page.clinic.phone] if page.clinic and page.clinic.phone else []
    cited = [f"[{page.locale.written(c.number)}]" for c in number_references(page.handout, page.locale)]
    times = {
        each: len(re.findall(rf"(?<!\d )(?<!\d){re.escape(each)}(?! ?\d)", text))
        for each in (*numbers, *cited)
    }
    wanted = {each: n for each, n in times.items() if n or each in numbers}
    if page.locale.direction == "rtl":
        rows = [TURNED.sub(r"[\1]", row) for row in rows]  # brackets look the other way there
    missing = list(typography.split_numbers(wanted, rows))
    verdict.facts["numbers"] = f"{len(wanted) - len(missing)}/{len(wanted)}"
    verdict.wrong(
        "number-not-drawn-whole",
        "a number is not drawn whole and in its order",
        "Do not hand it out. " + AGAIN,
        missing,
    )


def _sizes(verdict: Verdict, reading: Reading) -> None:
    """Check that no type is smaller than the layout allows."""
    least = SMALLEST[reading.page.rendition.layout]
    verdict.facts["pt"] = f"{min(glyph.size for glyph in reading.glyphs):.1f}"
    small = {glyph.character for glyph in reading.glyphs if glyph.size < least - 0.05}
    verdict.wrong(
        "type-smaller-points",
        f"type is smaller than {least:g} points",
        "Make it larger in templates/.",
        sorted(small),
    )


def _lines(verdict: Verdict, reading: Reading) -> None:
    """Check that lines of running text are as long as eyes like them."""
    figures = []
    for wide, allowed in ((False, LINE), (True, WIDE_LINE)):
        found = typography.lengths(reading.lines, reading.outline, wide=wide)
        middle = typography.median(found)
        figures += [f"{middle} (to {max(found)})"] if found else []
        if reading.page.rendition.layout == "standard" and len(found) >= ENOUGH and middle not in allowed:
            what = f"lines have other than {allowed.start} to {allowed.stop - 1} characters"
            verdict.wrong(
                "lines-other-characters",
                what,
                "Set the column narrower or wider in templates/print.css.",
                [str(middle)],
            )
    verdict.facts["characters a line"] = ", ".join(figures)


def _edges(verdict: Verdict, reading: Reading) -> None:
    """Check that nothing reaches over the edge, and nothing stands on top of something else."""
    fix = "Shorten the text, or give it more room in templates/."
    margins = typography.margin_lines(reading.glyphs)
    outside = typography.outside(reading.lines, reading.outline)
    outside += typography.off_the_sheet(margins, reading.outline)
    verdict.wrong("text-runs-out-type", "text runs out of the type area", fix, outside)
    verdict.wrong(
        "text-stands-over-text",
        "text stands over text",
        fix,
        typography.collisions([*reading.lines, *margins]),
    )


def _breaks(verdict: Verdict, reading: Reading) -> None:
    """Check that no line of a paragraph stands alone on a page, and no heading at its foot."""
    fix = "Keep it together in templates/."
    verdict.wrong(
        "line-stands-alone",
        "a line stands alone",
        fix,
        typography.lonely_lines(reading.lines, reading.outline),
    )
    verdict.wrong(
        "heading-stands-foot-page",
        "a heading stands at the foot of a page",
        fix,
        typography.stranded_headings(reading.lines, reading.outline),
    )


def _links(verdict: Verdict, reading: Reading) -> None:
    """Check that every link has a name and leads somewhere, in the document or by a scheme we use."""
    links = reading.outline.links
    schemes = ("https://", "tel:", "sms:", "mailto:")
    bad = [
        link.target or "nowhere"
        for link in links
        if not link.name.strip()
        or not link.resolves
        or (":" in link.target and not link.target.startswith(schemes))
    ]
    verdict.facts["links"] = f"{len(links) - len(bad)}/{len(links)}"
    verdict.wrong("link-no-name-leads", "a link has no name or leads nowhere", AGAIN, bad)


def _names(verdict: Verdict, reading: Reading) -> None:
    """Check that the title is shown, and that every piece is in a language of the page."""
    page, outline = reading.page, reading.outline
    if outline.title != page.handout.title.text or not outline.shows_title:
        verdict.wrong("shows-another-title", "it shows another title", AGAIN, [outline.title])
    works = {citation.language for citation in number_references(page.handout, page.locale)}
    wanted = {page.locale.tag, SOURCE_LANGUAGE, *works}
    used = {tag.language for tag in outline.tags if tag.pieces}
    foreign = sorted(used - wanted)
    if outline.language != page.locale.tag or page.locale.tag not in used:
        foreign.append(outline.language or "none")
    verdict.facts["languages"] = " ".join(sorted(used))
    verdict.wrong("says-another-language", "it says it is in another language", AGAIN, foreign)


def _pixels(verdict: Verdict, reading: Reading) -> None:
    """Check that poppler and pdfium draw the same page."""
    found = pixels.differences(reading.path)
    verdict.facts["drawn alike"] = "no" if found else "yes"
    verdict.wrong("poppler-pdfium-draw-differently", "poppler and pdfium draw it differently", AGAIN, found)


CHECKS: tuple[Callable[[Verdict, Reading], None], ...] = (
    _words,
    _margins,
    _standards,
    _order,
    _numbers,
    _sizes,
    _lines,
    _edges,
    _breaks,
    _links,
    _names,
    _pixels,
)
