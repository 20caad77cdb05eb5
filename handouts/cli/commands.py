"""The command line: its commands, and how each of them ends."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from handouts import __version__
from handouts.cli import (
    check,
    clinic,
    desk,
    doctor,
    locale,
    mail,
    pack,
    personal,
    preview,
    proof,
    region,
    report,
    review,
    schemas,
    status,
    verify,
)
from handouts.cli.streams import hear_no_more
from handouts.cli.unchanged import DEBUG, KILLED
from handouts.crashes import crash_problem
from handouts.private import own_folder
from handouts.problems import Problem, SourceError, did_you_mean, refuse
from handouts.stopping import StoppedError

COMMAND = "python3 build.py"
TYPED = "handouts.typed"  # the command line as it was typed, in the context of a command
TIME_ZONE = "TZ"


class Commands(click.Group):
    """A group that builds when no command is named, and asks “Did you mean …?”."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `build` before options that stand alone."""
        ctx.meta[TYPED] = tuple(args)
        if not args or (args[0].startswith("-") and args[0] not in {"--help", "--version"}):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; refuse one that does not exist, with the nearest that does."""
        if self.get_command(ctx, args[0]) is None:
            ctx.fail(f"There is no command “{args[0]}”. {did_you_mean(args[0], self.commands)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands)
@click.version_option(__version__, message="%(version)s")
@click.option(
    DEBUG,
    is_flag=True,
    expose_value=False,
    help="Print the whole traceback of a fault of the program; it may show what it was working on.",
)
def main() -> None:
    """Make patient handouts about Interpersonal Psychotherapy: on paper, by e-mail, as text."""


for module in (
    check,
    clinic,
    desk,
    doctor,
    locale,
    mail,
    pack,
    personal,
    preview,
    proof,
    region,
    review,
    schemas,
    status,
    verify,
):
    main.add_command(module.command)


def run(arguments: Sequence[str], root: Path) -> int:
    """Run a command line on the project in `root`; return the exit code.

    0 done, 1 problems (all of them printed), 2 wrong usage, 130 stopped by Ctrl-C, 143 by SIGTERM. `--debug` may stand anywhere.
    No one is shown a traceback who has not asked for it.
    """
    debug, as_json = DEBUG in arguments, "--json" in arguments
    rest = [argument for argument in arguments if argument != DEBUG]
    try:
        refuse(_unusable_environment())
        with own_folder():
            code = main.main(rest, prog_name=COMMAND, obj=root, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        hear_no_more()
        return KILLED + signal.SIGPIPE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as error:
        cause = error if isinstance(error, KeyboardInterrupt) else error.__cause__ or error.__context__
        stop = cause if isinstance(cause, StoppedError) else StoppedError(signal.SIGINT)
        sys.stderr.write(f"Stopped: {stop.said}\n" if stop.said else "Stopped.\n")
        return KILLED + stop.number
    except SourceError as error:
        return _told(error.problems, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told as a problem
        if debug:
            traceback.print_exception(error)
        return _told([_problem(error, root)], as_json=as_json)


def _unusable_environment() -> list[Problem]:
    """Return what is wrong with the surroundings of this process, and would be a fault of some library."""
    if sys.stdout is None:
        what = "the standard output is closed, and there is no place to print to."
        return [Problem("output-closed", "standard output", what, "Leave it open, or send it to /dev/null.")]
    if TIME_ZONE not in os.environ:
        return []
    try:
        import babel.localtime  # noqa: F401 - it asks for the time zone as it is imported

        datetime.now(tz=UTC).astimezone()
    except (ValueError, OSError, OverflowError):
        what = "this machine cannot read the time zone that is set."
        return [Problem("time-zone-unusable", TIME_ZONE, what, "Set it as in Australia/Sydney, or unset it.")]
    return []


def _told(problems: Sequence[Problem], *, as_json: bool) -> int:
    """Print the problems that a command ends with, beside the results where nothing more can be written there."""
    try:
        code = report.ended(problems, as_json=as_json and sys.stdout is not None)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        hear_no_more()
        report.print_problems(problems)
        return report.exit_code(problems)
    return code


def _problem(error: Exception, root: Path) -> Problem:
    """Return the problem of what a command did not expect: the machine refused, a package is missing, or a fault."""
    if isinstance(error, OSError):
        where = str(error.filename or "this machine")
        fix = "Check that it exists, who may read and write it, and that the disk has room."
        return Problem("machine-refused", where, f"the machine refused: {error.strerror or error}.", fix)
    package = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if package and package != __package__.partition(".")[0]:
        what = f"the Python package “{package}” is missing."
        return Problem("package-missing", "this machine", what, "Run: make setup")
    return crash_problem("build.py", error, root / ".cache")
