"""The plan: which renditions a choice asks for, and what each prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handouts.model import (
    FORMATS,
    LAYOUTS,
    SOURCE_LANGUAGE,
    Format,
    Layout,
    Page,
    Paper,
    Rendition,
)
from handouts.page.approval import Approval
from handouts.page.page_rows import page_in_state
from handouts.problems import Problem, did_you_mean
from handouts.sources.load import Sources

SUFFIXES = {"pdf": "pdf", "email": "html", "text": "txt", "eml": "eml"}


@dataclass(frozen=True)
class Choice:
    """What a person asked for; empty means all, or the region's own paper."""

    locales: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()
    layouts: tuple[Layout, ...] = ()
    region: str = "au"
    clinic: str = ""
    paper: Paper | None = None


def unknown_names(sources: Sources, choice: Choice) -> list[Problem]:
    """Return a problem for every name in the choice that does not exist, with the nearest one that does."""
    content = sources.content
    problems = [
        _unknown("--locale", "locale", tag, sources.locales)
        for tag in choice.locales
        # One that is there and cannot be read has said so itself.
        if not sources.match(tag) and tag not in sources.broken
    ]
    for option, noun, names, known in (
        ("--handout", "handout", choice.handouts, content.drafts),
        ("--region", "region", (choice.region,), content.regions),
        ("--clinic", "clinic", (choice.clinic,) if choice.clinic else (), content.clinics),
    ):
        problems += [_unknown(option, noun, name, known) for name in names if name not in known]
    return problems


def chosen_locales(sources: Sources, wanted: Iterable[str]) -> list[str]:
    """Return the tags of the locales that serve the wanted ones, each once; all where none is named."""
    found = (sources.match(tag) for tag in tuple(wanted) or tuple(sources.locales))
    return list(dict.fromkeys(tag for tag in found if tag))


def plan(approval: Approval, choice: Choice) -> list[Page]:
    """Return the pages that the choice asks for; its names must exist.

    E-mail and text have one layout; English has no English beside it. An `eml` holds the standard PDF, unless
    another layout is named.
    """
    sources = approval.sources
    renditions = [
        _rendition(sources, choice, slug, tag, layout, form)
        for tag in chosen_locales(sources, choice.locales)
        for slug in dict.fromkeys(choice.handouts or tuple(sources.content.drafts))
        for layout in choice.layouts or LAYOUTS
        for form in choice.formats or FORMATS
        if layout == "standard" or _has_layout(choice, form, layout, tag)
    ]
    return [page_of(approval, rendition) for rendition in renditions]


def _has_layout(choice: Choice, form: Format, layout: Layout, tag: str) -> bool:
    """Whether a format is made in another layout than the standard one."""
    printed = form == "pdf" or (form == "eml" and bool(choice.layouts))
    return printed and (layout != "bilingual" or tag != SOURCE_LANGUAGE)


def _unknown(option: str, noun: str, name: str, known: Iterable[str]) -> Problem:
    """Return the problem of a name that an option gives and that does not exist."""
    return Problem(f"unknown-{noun}", option, f"there is no {noun} “{name}”.", did_you_mean(name, known))


def _rendition(
    sources: Sources, choice: Choice, slug: str, tag: str, layout: Layout, form: Format
) -> Rendition:
    """Return one rendition with its file: the paper is named where it is not the region's."""
    own = sources.content.regions[choice.region].paper
    paper = choice.paper or own
    named = f".{paper}" if form in {"pdf", "eml"} and paper != own else ""
    set_as = "" if layout == "standard" else f".{layout}"
    file = f"{tag}/{slug}{set_as}{named}.{SUFFIXES[form]}"
    return Rendition(slug, tag, choice.region, choice.clinic, layout, form, paper, file)


def page_of(approval: Approval, rendition: Rendition) -> Page:
    """Return everything a rendition prints. Raises KeyError where the sources lack what it is of."""
    state = approval.state(rendition.handout, rendition.region, rendition.locale)
    return page_in_state(approval.sources, rendition, state)
