"""The plan: which renditions a choice asks for, and what each prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handouts.model import (
    DEFAULT_REGION,
    FORMATS,
    LAYOUTS,
    SOURCE_LANGUAGE,
    Format,
    Layout,
    Page,
    Paper,
    Place,
    Rendition,
    file_of,
)
from handouts.page.approval import Approval
from handouts.page.page_rows import page_in_state
from handouts.problems import Problem, did_you_mean, in_command
from handouts.sources.load import Sources
from handouts.sources.names import did_you_mean_named, locales_named, regions_named

TOUCHED = ("locale", "clinic", "region", "handout")  # what a rendition is of, and a problem may be of


@dataclass(frozen=True)
class Choice:
    """What a person asked for; empty means all, or the region's own paper.

    Without clinics it is for the regions named, and without both for one region, which is `DEFAULT_REGION`.
    """

    locales: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()
    layouts: tuple[Layout, ...] = ()
    regions: tuple[str, ...] = ()
    clinics: tuple[str, ...] = ()
    paper: Paper | None = None


def unknown_names(sources: Sources, choice: Choice) -> list[Problem]:
    """Return a problem for every name in the choice that does not exist, with the nearest one that does.

    A name that may mean several is one too, and so is a region that is not that of the clinics.
    """
    content = sources.content
    languages = {tag: locale.english_name for tag, locale in sources.locales.items()}
    systems = {code: region.name.text for code, region in content.regions.items()}
    problems = [
        _unknown(
            "--locale", "locale", tag, did_you_mean_named(tag, languages), locales_named(tag, sources.locales)
        )
        for tag in choice.locales
        # One that is there and cannot be read has said so itself.
        if not sources.match(tag) and tag not in sources.broken
    ]
    problems += [
        _unknown("--region", "region", name, did_you_mean_named(name, systems), _regions_meant(sources, name))
        for name in choice.regions
        if not sources.match_region(name)
    ]
    problems += [
        _unknown("--handout", "handout", name, did_you_mean(name, content.drafts))
        for name in choice.handouts
        if name not in content.drafts
    ]
    problems += [
        _unknown("--clinic", "clinic", name, did_you_mean(name, content.clinics))
        for name in choice.clinics
        # A profile that cannot be read has said so itself.
        if not sources.match_clinic(name) and name not in sources.profiles
    ]
    return [*problems, *_disagreements(sources, choice), *_not_offered(sources, choice)]


def _regions_meant(sources: Sources, name: str) -> list[str]:
    """Return the codes of the regions that a name may mean."""
    return regions_named(name, sources.content.regions, sources.locales.values())


def _disagreements(sources: Sources, choice: Choice) -> Iterator[Problem]:
    """Yield the clinics that are not in a region that was named, and the regions named that no clinic is in."""
    named = set(chosen_regions(sources, choice.regions))
    clinics = sources.content.clinics
    own = {slug: clinics[slug].region for slug in chosen_clinics(sources, choice.clinics)}
    for slug, region in own.items() if named else ():
        if region and region not in named:
            what = f"the clinic “{slug}” is in {_called(sources, region)}, not in {_listed(sources, named)}."
            fix = f"Leave --region out: the region of a clinic stands in {clinics[slug].file}."
            yield in_command("clinic-of-another-region", "--region", what, fix)
    for region in sorted(named - set(own.values())) if own and all(own.values()) else ():
        what = f"none of the clinics that were named is in {_called(sources, region)}."
        fix = "Leave it out; for that region without a clinic, run the command without --clinic."
        yield in_command("region-without-clinic", "--region", what, fix)


def _not_offered(sources: Sources, choice: Choice) -> Iterator[Problem]:
    """Yield the languages and handouts that were named and that a clinic does not offer."""
    for slug in chosen_clinics(sources, choice.clinics):
        clinic = sources.content.clinics[slug]
        tags = chosen_locales(sources, choice.locales) if choice.locales else ()
        for option, noun, names, offered in (
            ("--locale", "locale", tags, clinic.languages),
            ("--handout", "handout", choice.handouts, clinic.handouts),
        ):
            for name in names if offered else ():
                if name not in offered:
                    what = f"the clinic “{slug}” does not offer the {noun} “{name}”."
                    fix = f"It offers {', '.join(offered)}: leave {option} out, or add it in {clinic.file}."
                    yield in_command(f"{noun}-not-offered", option, what, fix)


def _called(sources: Sources, region: str) -> str:
    """Return a region's name with its code."""
    return f"{sources.content.regions[region].name.text} ({region})"


def _listed(sources: Sources, regions: Iterable[str]) -> str:
    """Return the names of regions with their codes."""
    return ", ".join(_called(sources, region) for region in sorted(regions))


def chosen_regions(sources: Sources, wanted: Iterable[str]) -> list[str]:
    """Return the codes of the regions that are called so, each once."""
    found = (sources.match_region(name) for name in wanted)
    return list(dict.fromkeys(code for code in found if code))


def chosen_clinics(sources: Sources, wanted: Iterable[str]) -> list[str]:
    """Return the slugs of the clinics that are called so, or whose profiles were read from there, each once."""
    found = map(sources.match_clinic, wanted)
    return list(dict.fromkeys(slug for slug in found if slug))


def chosen_places(sources: Sources, choice: Choice) -> list[Place]:
    """Return the places that the choice is for, each once: its clinics, or its regions, or the one region of whoever names none."""
    if choice.clinics:
        found = chosen_clinics(sources, choice.clinics)
        return [Place(sources.content.clinics[slug].region, slug) for slug in found]
    return [Place(code) for code in chosen_regions(sources, choice.regions or (DEFAULT_REGION,))]


def chosen_locales(sources: Sources, wanted: Iterable[str]) -> list[str]:
    """Return the tags of the locales that serve the wanted ones, each once; all where none is named."""
    found = (sources.match(tag) for tag in tuple(wanted) or tuple(sources.locales))
    return list(dict.fromkeys(tag for tag in found if tag))


def plan(approval: Approval, choice: Choice) -> list[Page]:
    """Return the pages that the choice asks for; its names must exist."""
    return [page_of(approval, rendition) for rendition in renditions(approval.sources, choice)]


def renditions(sources: Sources, choice: Choice) -> list[Rendition]:
    """Return the renditions that the choice asks for, as far as what they are of can be read; its names must exist.

    E-mail and text have one layout; English has no English beside it. An `eml` holds the PDF in the
    layout that its place begins with, unless another is named.
    """
    return [
        _rendition(sources, choice, place, slug, tag, layout, form)
        for place in chosen_places(sources, choice)
        if place.region in sources.content.regions
        for tag in chosen_locales(sources, choice.locales)
        for slug in dict.fromkeys(choice.handouts or tuple(sources.content.drafts))
        for layout in choice.layouts or LAYOUTS
        for form in choice.formats or FORMATS
        if _has_layout(choice, form, layout, tag, usual_layout(sources, place, tag))
        if is_offered(sources, place, tag, slug)
    ]


def is_offered(sources: Sources, place: Place, tag: str, slug: str) -> bool:
    """Whether a place offers a handout in a locale: a clinic may name some, a region offers all."""
    clinic = sources.content.clinics.get(place.clinic)
    return clinic is None or clinic.offers(tag, slug)


def touches(problem: Problem, rendition: Rendition) -> bool:
    """Whether a rendition is of everything that a problem names: then it is not made. One that names nothing touches all."""
    named = {noun: getattr(problem, noun) for noun in TOUCHED if getattr(problem, noun)}
    return all(getattr(rendition, noun) == name for noun, name in named.items())


def usual_layout(sources: Sources, place: Place, tag: str) -> Layout:
    """Return the layout that a place begins with in a locale: a clinic may name one, and English has no English beside it."""
    clinic = sources.content.clinics.get(place.clinic)
    usual = clinic.layout if clinic else "standard"
    return "standard" if usual == "bilingual" and tag == SOURCE_LANGUAGE else usual


def _has_layout(choice: Choice, form: Format, layout: Layout, tag: str, usual: Layout) -> bool:
    """Whether a format is made in a layout: papers in all, an e-mail with the usual one unless others are named, all else in one."""
    if form == "eml" and not choice.layouts:
        return layout == usual
    printed = form in {"pdf", "eml"}
    return layout == "standard" or (printed and (layout != "bilingual" or tag != SOURCE_LANGUAGE))


def _unknown(option: str, noun: str, name: str, fix: str, meant: Sequence[str] = ()) -> Problem:
    """Return the problem of a name that an option gives and that does not exist, or that may mean several."""
    if meant:
        what = f"“{name}” may mean more than one {noun}."
        return in_command(f"ambiguous-{noun}", option, what, f"Use one of: {', '.join(meant)}.")
    return in_command(f"unknown-{noun}", option, f"there is no {noun} “{name}”.", fix)


def _rendition(
    sources: Sources, choice: Choice, place: Place, slug: str, tag: str, layout: Layout, form: Format
) -> Rendition:
    """Return one rendition with its file: the paper is named where it is not the region's."""
    own = sources.content.regions[place.region].paper
    paper = choice.paper or own
    named = paper if form in {"pdf", "eml"} and paper != own else ""
    file = file_of(place, tag, slug, form, layout, named)
    return Rendition(slug, tag, place.region, place.clinic, layout, form, paper, file)


def page_of(approval: Approval, rendition: Rendition) -> Page:
    """Return everything a rendition prints. Raises KeyError where the sources lack what it is of."""
    numbers = approval.numbers(rendition.place)
    return page_in_state(approval.sources, rendition, approval.page_state(rendition), numbers)
