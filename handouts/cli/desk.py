"""The commands `desk`, `desk password` and `desk record`: the front desk in a browser, for people who never see a terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from handouts.cli import options, report
from handouts.model import Paper
from handouts.problems import Problem, in_command, refuse

if TYPE_CHECKING:
    from handouts.desk.counter import Counter
    from handouts.desk.mailbox import Mailbox
    from handouts.desk.network import Network
    from handouts.desk.record import Record
    from handouts.library.plan import Choice
    from handouts.sources.load import Sources
    from handouts.sources.look import Look

PASSWORD = "desk/password"  # noqa: S105 - the file of its hash
RECORD = "desk/given.sqlite3"
NETWORK = ("names", "certificate", "key", "behind_proxy")
password_option = click.option(
    "--password-file",
    type=options.PATH,
    callback=options.below_project(PASSWORD),
    help=f"Where the hash of the password is kept ({PASSWORD}).",
)
record_option = click.option(
    "--record",
    type=options.PATH,
    is_flag=False,
    flag_value=RECORD,
    metavar="[FILE]",
    help=f"Keep a record of what is given, without patients ({RECORD}).",
)


@click.group("desk", invoke_without_command=True)
@options.place
@options.paper
@options.port
@click.option(
    "--settings",
    "settings_file",
    type=options.PATH,
    help="TOML of the clinic’s mailbox: drafts can be put into it.",
)
@options.opened
@record_option
@click.option(
    "--listen",
    metavar="ADDRESS:PORT",
    help="For a clinic’s network; needs --name, a certificate and a password.",
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="By which browsers find it; may be repeated."
)
@click.option("--certificate", type=options.PATH, help="The certificate of that name (PEM).")
@click.option("--key", type=options.PATH, help="The key of the certificate (PEM).")
@click.option("--behind-proxy", is_flag=True, help="A reverse proxy on this machine has the certificate.")
@password_option
@click.pass_context
def command(
    context: click.Context,
    /,
    clinics: tuple[str, ...],
    regions: tuple[str, ...],
    paper: Paper | None,
    opened: bool,
    record: Path | None,
    settings_file: Path | None,
    **network: Any,
) -> None:
    """Open the front desk in a browser: find a language, choose a handout, print it. For one clinic, or one region."""
    if context.invoked_subcommand is not None:
        given = [
            name
            for name in context.params
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        ]
        if given:
            raise click.UsageError(
                f"Write the options after “{context.invoked_subcommand}”: those before it are of the desk itself."
            )
        return
    from handouts.cli import machine
    from handouts.library import cache
    from handouts.library.plan import Choice

    root: Path = context.obj
    folder, problems = cache.cache_folder(root)
    where, unfit = _network(**network)
    refuse([*problems, *unfit])
    counter = _counter(root, folder, Choice(clinics=clinics, regions=regions, paper=paper))
    stock = counter.stock()
    tags = stock.locales()
    refuse([*machine.library_problems(), *machine.font_problems(stock.sources.locales[tag] for tag in tags)])
    mailbox = _mailbox(settings_file, stock.sources)
    _serve(counter, where, _record(root, record), mailbox, folder, opened=opened)


def _serve(
    counter: Counter,
    where: Network,
    record: Record | None,
    mailbox: Mailbox | None,
    folder: Path,
    *,
    opened: bool,
) -> None:
    """Serve the desk until it is interrupted; `folder` is that of the cache, where a browser that is opened finds the address."""
    from contextlib import ExitStack

    from handouts.desk.answering import Desk
    from handouts.desk.application import application
    from handouts.desk.sessions import Door, Sessions
    from handouts.serving import opening, server

    listener = server.listening(where.host, where.port)
    origins = where.origins(listener.getsockname()[1])
    desk = Desk(
        counter,
        Sessions(),
        Door(),
        folder,
        frozenset(origins),
        where.base,
        where.password_file,
        is_secure=where.is_open,
        record=record,
        mailbox=mailbox,
    )
    with ExitStack() as stack:

        def on_ready(_: int) -> None:
            address = f"{origins[0]}{where.base}/"
            report.line(address)
            whom = "It works in this network." if where.is_open else "It works on this machine only."
            report.line(f"Open this address in your browser. {whom} Stop with Ctrl+C.")
            sys.stdout.flush()
            if opened:
                opening.show(stack.enter_context(opening.redirect(address, folder)))

        server.serve(
            application(desk, where.names), listener, on_ready, where.certificate, log_level="critical"
        )


def _network(
    *, port: int, listen: str | None, password_file: Path, **given: Any
) -> tuple[Network, list[Problem]]:
    """Return where the desk is found, and what keeps it from being opened there."""
    from handouts.desk.network import network_of, this_machine

    if listen is None:
        idle = [f"--{name.removesuffix('s').replace('_', '-')}" for name in NETWORK if given[name]]
        what, fix = "it is for a desk on a network.", "Add --listen ADDRESS:PORT, or leave it out."
        return this_machine(port), [in_command("option-without-listen", name, what, fix) for name in idle]
    files = (given["certificate"], given["key"])
    found, problems = network_of(
        listen, given["names"], files, password_file, behind_proxy=given["behind_proxy"]
    )
    if port:
        what, fix = "the port stands in --listen.", "Leave --port out."
        problems.append(in_command("port-twice", "--port", what, fix))
    return found, problems


def _counter(root: Path, folder: Path, choice: Choice) -> Counter:
    """Return what hands out the handouts of a choice, which must be of one place. Raises SourceError, also later, by its `read`."""
    from handouts.cli.reading import asked_for, check, read, today
    from handouts.desk.counter import Counter
    from handouts.library.plan import unknown_names
    from handouts.sending.outbox import place_problems

    def stock() -> tuple[Sources, Look]:
        sources, look, unread = read(root, (), choice.clinics)
        found = check(sources, look, unread, (), choice.clinics)
        unusable = [*unknown_names(sources, choice), *place_problems(sources, choice)]
        refuse([*found, *unusable] if unusable or not sources.is_whole else [])
        refuse(asked_for(sources, choice, found))
        return sources, look

    return Counter(root, folder, choice, stock, today, lambda sources: sources.outside())


def _mailbox(file: Path | None, sources: Sources) -> Mailbox | None:
    """Return the mailbox of settings, if there are any, in which drafts can be put. Raises SourceError where it lacks anything."""
    from handouts.desk.mailbox import Mailbox
    from handouts.sending.settings import prefix_problems, settings_for
    from handouts.sending.tokens import secret_for

    if file is None:
        return None
    settings, problems = settings_for(file, "imap")
    if settings:
        problems += prefix_problems(settings, file, sources.glossary)
    refuse(problems)
    assert settings  # noqa: S101 - or there would have been a problem
    secret_for(settings, "imap")  # what it lacks is told now
    return Mailbox(settings)


def _record(root: Path, file: Path | None) -> Record | None:
    """Return the record of what is given, ready to be added to, where one is kept."""
    from handouts.desk.record import Record

    if file is None:
        return None
    record = Record(root / file if file == Path(RECORD) else file)
    record.open()
    return record


@command.command("password")
@password_option
def password(password_file: Path) -> None:
    """Set the password of a desk on a network; it is asked for twice, and kept as a hash."""
    from handouts.desk.password import keep_password, password_fault

    typed = str(click.prompt("The password (not shown)", hide_input=True, confirmation_prompt=True, err=True))
    fault = password_fault(typed)
    if fault:
        fix = "Take a few words that have nothing to do with each other."
        refuse([Problem("password-weak", "the password", f"it {fault}.", fix)])
    keep_password(password_file, typed)
    report.line(f"{password_file}\tkept as a hash")


@command.command("record")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet.")
@click.option(
    "--file", type=options.PATH, callback=options.below_project(RECORD), help=f"The record ({RECORD})."
)
def show_record(as_csv: bool, file: Path) -> None:
    """Show what was given: when, where, which handout and edition. No patient is in it."""
    from dataclasses import astuple

    from handouts.desk.record import FIELDS, Record
    from handouts.problems import in_file

    if not file.is_file():
        fix = "Start the desk with --record, or name the file with --file."
        refuse([in_file("record-missing", str(file), "there is no record.", fix)])
    record = Record(file)
    if as_csv:
        sys.stdout.write(record.csv())
    else:
        report.table(list(FIELDS), [list(astuple(row)) for row in record.rows()])
