"""What each sentence of the English rests on: the works it cites, pages, the text that the first handout was made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handouts import markup
from handouts.checks.endings import ending
from handouts.model import Block, Reference
from handouts.pieces import sentences_in
from handouts.problems import Problem, did_you_mean, in_file
from handouts.sources.catalogs import source_file
from handouts.sources.content import Content

# What a block may rest on beside references and pages: the text that the first handout was made from; or nothing, as it
# says nothing of the world: a step, or what leads into a list.
BASES = SEED, NO_CLAIM = "seed", "nothing"
NAME_ONE = "Cite a reference, or name under “from” what it rests on: a reference, a page, seed; or nothing, where it claims nothing."


@dataclass(frozen=True)
class Claim:
    """A sentence of a block, with what it rests on: ids of references, addresses of pages, `seed`, `nothing`.

    `basis` is what its block names for the sentences that cite nothing. Nothing is needed under a question.
    """

    block: str
    sentence: str
    rests_on: tuple[str, ...]
    basis: tuple[str, ...] = ()
    is_question: bool = False


def claims(content: Content) -> list[Claim]:
    """Return every sentence of the handouts, and of what regions say of access and of interpreters, in their order.

    A citation is of the sentence that it stands behind; what a block rests on without printing it (`from`) is of its
    other sentences.
    """
    found = []
    for draft in content.drafts.values():
        said = [draft.subtitle, draft.lead, *draft.summary.blocks]
        said += [block for section in draft.sections for block in section.blocks]
        found += [claim for block in said for claim in _of_block(block)]
    for region in content.regions.values():
        lines = [
            replace(line.how, basis=line.how.basis or (line.source,)) for line in region.lines if line.how
        ]
        found += [claim for block in (*region.access, *lines) for claim in _of_block(block)]
    return found


def _of_block(block: Block) -> Iterator[Claim]:
    """Yield the sentences of one block."""
    for sentence, cited in cited_sentences(block.text):
        is_question = ending(sentence) == "question mark"
        yield Claim(block.id, sentence, cited or block.basis, block.basis, is_question)


def cited_sentences(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the sentences of a message without marks, each with the ids that are cited behind or within it."""
    plain, cited = "", []
    for span in markup.walk_spans(markup.parse_markup(text)):
        if span.kind == "citation":
            cited.append((len(plain.rstrip()), span.value))
        elif span.kind in {"text", "placeholder"}:
            plain += span.value if span.kind == "text" else f"{{{span.value}}}"
            # A full stop with no space behind it, as before a citation, ends no sentence for ICU.
            plain += " " if plain.endswith((".", "?", "!")) else ""
    found, at = [], 0
    for piece in sentences_in(plain):
        end = at + len(piece)
        ids = tuple(dict.fromkeys(name for place, name in cited if at < place <= end))
        if piece.strip():
            found.append((" ".join(piece.split()), ids))
        at = end
    return found


def check_support(content: Content) -> Iterator[Problem]:
    """Yield the claims that rest on nothing, and what a block is said to rest on that does not exist."""
    found, known = claims(content), (*content.references, *BASES)
    for claim in found:
        if not claim.is_question and not claim.rests_on:
            what = f"nothing is named that this rests on: “{claim.sentence}”"
            file = source_file(claim.block)
            yield in_file("claim-without-source", file, what, NAME_ONE, severity="warning", about=claim.block)
    for id_, basis in {each.block: each.basis for each in found}.items():
        for name in (n for n in basis if n not in known and not markup.SAFE_URL.fullmatch(n)):
            what = f"“{name}” under “from” is neither a reference nor an address."
            yield in_file("unknown-basis", source_file(id_), what, did_you_mean(name, known), about=id_)


@dataclass(frozen=True)
class Support:
    """A sentence beside one thing that it rests on, as a clinician reads it before signing.

    `found` is what that reference found, in the words that are printed beside it; else what kind of thing it is.
    """

    block: str
    sentence: str
    rests_on: str
    found: str


def supports(content: Content) -> list[Support]:
    """Return every sentence that claims something, beside each thing it rests on; questions and steps claim nothing."""
    return [
        Support(claim.block, claim.sentence, name, _found(name, content.references))
        for claim in claims(content)
        for name in (() if claim.is_question else claim.rests_on or ("",))
        if name != NO_CLAIM
    ]


def _found(name: str, references: Mapping[str, Reference]) -> str:
    """Return what a claim rests on, in words."""
    if name in references:
        return references[name].finding.text
    if name == SEED:
        return "the text that the first handout was made from"
    if markup.SAFE_URL.fullmatch(name):
        return "a page that was read"
    return "there is no such reference" if name else "nothing is named"
