"""What a screen reader gets: both standards, the order of reading, links, title and languages."""

from __future__ import annotations

from itertools import zip_longest

from handouts import markup
from handouts.model import SOURCE_LANGUAGE
from handouts.page.references import number_references
from handouts.pdf.exact.forms import field_name
from handouts.verify import standards
from handouts.verify.verdict import AGAIN, Reading, Verdict


def check_standards(verdict: Verdict, reading: Reading) -> None:
    """Check that both standards are kept, and that what no validator sees is right."""
    alternatives = [tag.alternative for tag in reading.outline.tags if tag.roles[-1] == "Figure"]
    rules = standards.broken_rules(reading.path)
    found = standards.standards_findings(reading.path, alternatives)
    verdict.facts["UA-1, A-2a"] = str(len(rules))
    verdict.facts["outloud"] = str(len(found))
    verdict.wrong("standard-broken", "it breaks a rule of a standard", AGAIN, rules)
    verdict.wrong("screen-reader-stumbles", "a screen reader would stumble", AGAIN, found)


def check_order(verdict: Verdict, reading: Reading) -> None:
    """Check that what is read aloud is painted in the order in which it is read."""
    spoken, painted = sorted(reading.outline.order, key=lambda piece: piece[0]), list(reading.outline.painted)
    wrong = [f"page {a[0] + 1}" for a, b in zip(spoken, painted, strict=False) if a != b]
    missing = set(spoken) ^ set(painted)
    verdict.wrong(
        "painting-order",
        "it is painted in another order than it is read aloud",
        AGAIN,
        list(dict.fromkeys(wrong)),
    )
    verdict.wrong(
        "painted-not-read",
        "pieces are painted and not read aloud, or the reverse",
        AGAIN,
        [str(n) for n in sorted(missing)],
    )


def check_links(verdict: Verdict, reading: Reading) -> None:
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
    verdict.wrong("link-broken", "a link has no name or leads nowhere", AGAIN, bad)


def check_fields(verdict: Verdict, reading: Reading) -> None:
    """Check that there is a field for each place to write on, in the order of the text, named by its block and called by its label."""
    outline = reading.outline
    wanted = [(field_name(block.id), markup.plain(block.text)) for block in reading.page.handout.fields]
    if wanted:
        verdict.facts["fields"] = f"{len(outline.fields)}/{len(wanted)}"
    found = [(field.name, field.tooltip) for field in outline.fields]
    differing = [have or need for need, have in zip_longest(wanted, found) if need != have]
    verdict.wrong(
        "field-differs",
        "a field is missing, or not where it belongs, or has another name or tooltip",
        AGAIN,
        [f"{name or 'no name'}: {tooltip or 'no tooltip'}" for name, tooltip in differing],
    )
    untold = [f.name or "no name" for f in outline.fields if not (f.read and f.told and f.is_drawn)]
    verdict.wrong(
        "field-not-tagged", "a field is in no tag of its own, in no list, or not drawn", AGAIN, untold
    )
    if not outline.tabs:
        verdict.wrong("tab-order", "the Tab key goes from field to field in another order", AGAIN, ["Tabs"])


def check_names(verdict: Verdict, reading: Reading) -> None:
    """Check that the title is shown, and that every piece is in a language of the page."""
    page, outline = reading.page, reading.outline
    if outline.title != page.handout.title.text or not outline.shows_title:
        verdict.wrong("title-differs", "it shows another title", AGAIN, [outline.title])
    works = {citation.language for citation in number_references(page.handout, page.locale)}
    wanted = {page.locale.tag, SOURCE_LANGUAGE, *works}
    used = {tag.language for tag in outline.tags if tag.pieces}
    foreign = sorted(used - wanted)
    if outline.language != page.locale.tag or page.locale.tag not in used:
        foreign.append(outline.language or "none")
    verdict.facts["languages"] = " ".join(sorted(used))
    verdict.wrong("language-differs", "it says it is in another language", AGAIN, foreign)
