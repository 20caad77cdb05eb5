"""The options that commands share, each said once. The context's object is the folder of the project."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import click

from handouts.model import DEFAULT_REGION, FORMATS, LAYOUTS, PAPERS

Command = TypeVar("Command", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)

locales = click.option(
    "--locale", "locales", multiple=True, metavar="TAG", help="Only this locale; may be repeated."
)
region = click.option(
    "--region",
    default=DEFAULT_REGION,
    metavar="NAME",
    show_default=True,
    help="The health system whose numbers the pages print.",
)


def regions(means: str) -> Callable[[Command], Command]:
    """Return the option that names health systems; what that means is said by each command."""
    return click.option("--region", "regions", multiple=True, metavar="NAME", help=means)


def clinics(means: str, metavar: str = "SLUG|FILE") -> Callable[[Command], Command]:
    """Return the option that names clinics, or their profiles by path; what that means is said by each command."""
    return click.option("--clinic", "clinics", multiple=True, metavar=metavar, help=means)


def places(command: Command) -> Command:
    """Give a command the options that name places to make something for, one or several."""
    command = clinics(
        "The clinic whose name is printed on top, in its own region, or its profile by path; may be repeated."
    )(command)
    return regions("This health system, without a clinic; may be repeated.")(command)


def place(command: Command) -> Command:
    """Give a command the options that name the one place it is for, which is never guessed; the command refuses several."""
    command = clinics("The clinic it is for, or its profile by path: this or --region.")(command)
    return regions("The health system it is for, where it is for no clinic.")(command)


paper = click.option("--paper", type=click.Choice(PAPERS), help="The paper; the region's own unless given.")
jobs = click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    help="Workers; one a processor unless given.",
)
port = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="A port of this machine; any free one unless given.",
)
opened = click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print results and problems as JSON.")


def choice(command: Command) -> Command:
    """Give a command the options that choose renditions, named as the fields of `library.plan.Choice`."""
    chosen = (
        locales,
        click.option(
            "--handout", "handouts", multiple=True, metavar="SLUG", help="Only this handout; may be repeated."
        ),
        click.option(
            "--format",
            "formats",
            multiple=True,
            type=click.Choice(FORMATS),
            help="Only this format; may be repeated.",
        ),
        click.option(
            "--layout",
            "layouts",
            multiple=True,
            type=click.Choice(LAYOUTS),
            help="Only this layout; may be repeated.",
        ),
        places,
        paper,
    )
    for option in reversed(chosen):  # the help lists them as they are here
        command = option(command)
    return command


@dataclass(frozen=True)
class Makers:
    """Who is to make things: so many processes of this machine, or the workers of a scheduler, and the store they share."""

    jobs: int
    scheduler: str = ""
    shared: str = ""


def making(command: Command) -> Command:
    """Give a command the options that say who makes things, and how many of them are kept; `taken` reads them."""
    named = (
        jobs,
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            default="",
            help="A dask scheduler, as in tcp://10.0.0.5:8786 or tls://…, whose workers make them, and not this machine.",
        ),
        click.option(
            "--shared",
            metavar="URL",
            default="",
            help="With --scheduler: a store that all its workers see, as in file:///mnt/handouts or s3://bucket/handouts.",
        ),
        click.option(
            "--keep",
            type=click.IntRange(0),
            metavar="N",
            help="How many renditions the cache keeps (6000); those of this build in any case.",
        ),
    )
    for option in reversed(named):
        command = option(command)
    return command


def taken(given: dict[str, Any]) -> tuple[Makers, int | None]:
    """Take what `making` has asked for out of the arguments of a command: who makes things, and how many are kept."""
    return Makers(*(given.pop(each.name) for each in fields(Makers))), given.pop("keep")


def out(folder: str) -> Callable[[Command], Command]:
    """Return the option for the output folder; unless it is given, `folder` of the project."""
    return click.option(
        "--out", type=PATH, callback=below_project(folder), help=f"The output folder ({folder})."
    )


def below_project(place: str) -> Callable[[click.Context, click.Parameter, Path | None], Path]:
    """Return the callback of an option whose default is a place in the project, wherever the command is run."""

    def placed(context: click.Context, _: click.Parameter, given: Path | None) -> Path:
        return given or context.find_object(Path) / place  # type: ignore[operator] # run() has put it there

    return placed
