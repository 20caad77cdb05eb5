"""The commands `clinic new` and `clinic check`: a clinic's profile is begun, and looked at on a sample page."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import options, report
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import counted, refuse

if TYPE_CHECKING:
    from handouts.model import Clinic, Page
    from handouts.page.approval import Approval
    from handouts.problems import Problem

# What is asked, in this order, where no option says it; those with True must have an answer.
QUESTIONS: Mapping[str, tuple[str, bool]] = {
    "name": ("The clinic's name, as it is to be printed", True),
    "region": ("The region whose help lines it prints, by code or name", True),
    "phone": ("Its phone number", False),
    "booking": ("How to book: a phone number or a web address", False),
    "address": ("Its address, on one line", False),
    "web": ("Its web address", False),
    "hours": ("When it is open", False),
    "logo": ("The name of a .svg, .png or .jpg file beside the profile", False),
    "accent": ("Its colour, as in #0b5563", False),
    "site": ("The public https address of its gallery", False),
}
Said = dict[str, tuple[str, ...]]  # what was answered, by key; an empty text where it was left out
OF_PROFILE = "profile_"  # begins the names of options that a profile is filled in by: they are no choice of what is made
SEVERAL = {
    "languages": "A language that it offers; may be repeated.",
    "handouts": "A handout that it offers; may be repeated.",
}


@click.group("clinic")
def command() -> None:
    """Look after the profiles of clinics."""


def _given(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for everything that a profile may say."""
    for key, about in reversed(list(SEVERAL.items())):
        command = click.option(
            f"--{key.removesuffix('s')}", f"{OF_PROFILE}{key}", multiple=True, metavar="NAME", help=about
        )(command)
    for key, (question, _) in reversed(list(QUESTIONS.items())):
        command = click.option(
            f"--{key}", f"{OF_PROFILE}{key}", default="", metavar="TEXT", help=f"{question}."
        )(command)
    return command


@command.command("new")
@click.argument("profile", metavar="SLUG|FILE")
@_given
@click.pass_obj
def new(root: Path, /, profile: str, **given: Any) -> None:
    """Begin the profile of a clinic: content/clinics/SLUG.yaml, or a FILE anywhere else.

    It asks for what a profile says; an empty answer leaves it out. With --name and --region nothing is asked.
    """
    from handouts.cli.reading import read
    from handouts.sources.load import known_to_clinics
    from handouts.workbench.profile import begun_problems, new_profile

    sources, _, problems = read(root)
    refuse(problems if not sources.is_whole else [])
    known = known_to_clinics(sources.content, sources.locales, sources.broken)
    named = {name.removeprefix(OF_PROFILE): each for name, each in given.items()}
    said: Said = {key: (each,) if isinstance(each, str) else each for key, each in named.items() if each}
    refuse(begun_problems(root, profile, said, known))
    if not {"name", "region"} <= said.keys():
        _ask(profile, said, lambda answers: begun_problems(root, profile, answers, known))
    path, refused = new_profile(root, profile, _answered(said), known)
    refuse(refused)
    report.line(f"{path}\twritten")
    report.line(f"Look at it, then: python3 build.py clinic check {shlex.quote(str(profile))}")


def _ask(profile: str, said: Said, faults: Callable[[Said], list[Problem]]) -> None:
    """Ask for what was not said, and add the answers: one that has a fault is told why and asked for again.

    Where a person stops, the answers until then are printed as a command. Raises click.Abort, or what stopped it.
    """
    try:
        for key, (question, is_needed) in QUESTIONS.items():
            while key not in said:
                answer = _asked(question, is_needed)
                found = faults({**_answered(said), key: (answer,)}) if answer else []
                for each in found:
                    report.note(f"{each.what} {each.fix}")
                if not found:
                    said[key] = (answer,)
    except (click.Abort, KeyboardInterrupt):
        words = [
            f"--{key.removesuffix('s')} {shlex.quote(each)}"
            for key, all_of in _answered(said).items()
            for each in all_of
        ]
        report.note(
            f"\nNothing was written. To begin with what was answered: python3 build.py clinic new {shlex.quote(profile)} {' '.join(words)}"
        )
        raise


def _answered(said: Said) -> Said:
    """Return what was said without what was left out."""
    return {key: each for key, each in said.items() if any(each)}


def _asked(question: str, is_needed: bool) -> str:
    """Return the answer to a question, nothing where one may leave it out and does."""
    return str(click.prompt(question, default=None if is_needed else "", show_default=False)).strip()


@command.command("check")
@click.argument("name", metavar="SLUG|FILE")
@options.out("samples")
@options.as_json
@click.pass_obj
def check(root: Path, name: str, out: Path, as_json: bool) -> int:
    """Show every problem of a clinic's profile, and make one page of a handout with it, to be looked at."""
    from handouts.cli import machine, reading
    from handouts.library.cache import cache_folder
    from handouts.library.deliver import deliver
    from handouts.library.jobs import jobs
    from handouts.library.make import make_rendition
    from handouts.library.manifest import folder_problems
    from handouts.library.plan import Choice, chosen_clinics, unknown_names
    from handouts.page.approval import Approval

    sources, look, unread = reading.read(root, (), [name])
    found = reading.check(sources, look, unread, [SOURCE_LANGUAGE], [name])
    unknown = unknown_names(sources, Choice(clinics=(name,)))
    refuse([*found, *unknown, *folder_problems(root, out), *machine.library_problems()])
    (slug,) = chosen_clinics(sources, [name])
    approval, clinic = Approval(sources, look), sources.content.clinics[slug]
    page = sample_page(approval, clinic)
    refuse(machine.font_problems([page.locale]))
    (job,) = jobs(sources, look, [page])
    cache, told = cache_folder(root)
    made = make_rendition(job, look, cache)
    file = f"{slug}.pdf"
    problems = [*found, *told, *made.problems, *(deliver(out, file, made.data) if not made.failed else [])]
    if not as_json and not made.failed:
        report.line(
            f"{out / file}\t{page.handout.title.text}, {page.rendition.layout}, {counted(made.pages, 'page')}"
        )
        left = approval.unconfirmed(page.rendition.place)
        report.line(
            f"Still to confirm before it prints without DRAFT: {', '.join(map(str, left)) or 'no number'}."
        )
    return report.ended(problems, as_json=as_json, sample=str(out / file))


def sample_page(approval: Approval, clinic: Clinic) -> Page:
    """Return a page that shows a clinic: the first handout that it offers, in English if it offers that, in its own layout."""
    from handouts.library.plan import Choice, plan

    tags = clinic.languages or (SOURCE_LANGUAGE,)
    tag = SOURCE_LANGUAGE if SOURCE_LANGUAGE in tags else tags[0]
    layout = "standard" if clinic.layout == "bilingual" and tag == SOURCE_LANGUAGE else clinic.layout
    choice = Choice(locales=(tag,), formats=("pdf",), layouts=(layout,), clinics=(clinic.slug,))
    return plan(approval, choice)[0]
