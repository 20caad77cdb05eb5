"""The commands `mail …`: who would get what, the sending of it, and what a person must decide."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from handouts.cli import options, report
from handouts.cli.progress import progress, watching
from handouts.problems import Problem, counted, in_command, in_file, refuse

if TYPE_CHECKING:
    from handouts.sending.decisions import Decision
    from handouts.sending.ledger import Entry
    from handouts.sending.outbox import Delivery
    from handouts.sending.settings import Purpose, Settings
    from handouts.sources.load import Sources
    from handouts.sources.look import Look

LEDGER = "outbox/ledger.sqlite3"
ledger_option = click.option(
    "--ledger",
    type=options.PATH,
    callback=options.below_project(LEDGER),
    help="Where it is kept who got what (outbox/).",
)


def unbelieved_options(command: options.Command) -> options.Command:
    """Give a command the options for a ledger that does not know its past, or not all of it."""
    new = click.option(
        "--new-ledger",
        is_flag=True,
        help="The ledger is lost: begin an empty one. Everyone may get again what they have got.",
    )
    this = click.option(
        "--this-ledger",
        is_flag=True,
        help="Go on with this ledger although another or a newer one was here. What it does not know may go out again.",
    )
    return new(this(command))


def batch_options(command: options.Command) -> options.Command:
    """Give a command the options that say who gets what, and how."""
    wanted = (
        click.option(
            "--to-file", "people", required=True, type=options.PATH, help="CSV of addresses and locales."
        ),
        click.option(
            "--settings",
            "settings_file",
            type=options.PATH,
            help="TOML of the clinic's servers (docs/mail.example.toml).",
        ),
        options.place,
        click.option(
            "--include-drafts", is_flag=True, help="Also what is not approved; it says DRAFT on top."
        ),
        ledger_option,
        unbelieved_options,
        options.jobs,
    )
    for option in reversed(wanted):  # the help lists them as they are here
        command = option(command)
    return command


@click.group("mail")
def command() -> None:
    """Send handouts by e-mail, one e-mail to one person; or put them into the drafts."""


@command.command("draft")
@batch_options
@options.out("drafts")
@click.option("--imap", is_flag=True, help="Into the drafts folder of the clinic's own mailbox instead.")
@click.pass_obj
def draft(
    root: Path, /, people: Path, settings_file: Path | None, ledger: Path, jobs: int, out: Path, **given: Any
) -> int:
    """Write a draft for every person of a file: a .eml each, or an e-mail in the mailbox's drafts folder."""
    from handouts.library.manifest import folder_problems
    from handouts.sending.outbox import write_drafts

    imap, knowingly = given.pop("imap"), _taken_knowingly(given)
    refuse([] if imap else folder_problems(root, out))
    sources, look, batch, problems = _read_batch(root, people, "drafts", **given)
    settings, unfit = _settings_for(settings_file, "imap" if imap else None, sources)
    refuse([*problems, *unfit])
    if settings and imap:
        return _hand_over(sources, look, batch, settings, people, ledger, knowingly, "imap", jobs)
    prefix = settings.subject_prefix if settings else ""
    refuse(write_drafts(batch, _make_emails(sources, look, batch, jobs), out, prefix))
    report.line(f"{counted(len(batch), 'draft')} in {out}")
    return 0


@command.command("send")
@batch_options
@click.option("--send", "really", is_flag=True, help="Send. Without it, only what would be sent is shown.")
@click.pass_obj
def send(
    root: Path, /, people: Path, settings_file: Path | None, ledger: Path, jobs: int, **given: Any
) -> int:
    """Send every person of a file their handouts, by the clinic's SMTP server or by Microsoft Graph. A dry run unless --send is given."""
    from handouts.sending.ledger import opened
    from handouts.sending.ledger_file import was_used

    really, knowingly = given.pop("really"), _taken_knowingly(given)
    sources, look, batch, problems = _read_batch(root, people, "smtp", **given)
    settings, unfit = _settings_for(settings_file, "smtp", sources)
    refuse([*problems, *unfit])
    if settings and really:
        return _hand_over(sources, look, batch, settings, people, ledger, knowingly, "smtp", jobs)
    before: Mapping[str, Entry] = {}
    if was_used(ledger) and not knowingly["new"]:
        with opened(ledger, whichever=knowingly["whichever"]) as book:
            before = {entry.key: entry for entry in book.entries()}
    _print_plan(batch, before)
    return 0


def _settings_for(
    path: Path | None, needed: Purpose | None, sources: Sources
) -> tuple[Settings | None, list[Problem]]:
    """Return the settings of a file, and what is wrong in it, or lacking for the server that is needed."""
    from handouts.sending.settings import prefix_problems, settings_for

    settings, problems = settings_for(path, needed)
    if settings and path:
        problems += prefix_problems(settings, path, sources.glossary)
    return settings, problems


def _taken_knowingly(given: dict[str, Any]) -> dict[str, bool]:
    """Return what a person wants of a ledger that is not as it was, taken out of the options."""
    return {"new": given.pop("new_ledger"), "whichever": given.pop("this_ledger")}


def _read_batch(
    root: Path,
    /,
    people: Path,
    transport: str,
    *,
    regions: tuple[str, ...],
    clinics: tuple[str, ...],
    include_drafts: bool,
) -> tuple[Sources, Look, list[Delivery], list[Problem]]:
    """Return the sources, how they look, the e-mails of a batch, and everything that keeps it from going.

    Raises SourceError where the sources of any of them are wrong.
    """
    from handouts.cli.reading import asked_for, check, read
    from handouts.library.plan import Choice, chosen_places, touches, unknown_names
    from handouts.page.approval import Approval
    from handouts.sending.outbox import deliveries, place_problems, unapproved, unoffered
    from handouts.sending.people import read_people

    sources, look, unread = read(root, (), clinics)
    choice = Choice(regions=regions, clinics=clinics)
    found = check(sources, look, unread, (), clinics)
    unusable = [*unknown_names(sources, choice), *place_problems(sources, choice)]
    refuse([*found, *unusable] if unusable or not sources.is_whole else [])
    errors = asked_for(sources, choice, found)
    refuse(errors if any(not (error.locale or error.handout) for error in errors) else [])
    (place,) = chosen_places(sources, choice)
    persons, problems = read_people(people, sources)
    problems += unoffered(sources, persons, place, people)
    batch = deliveries(Approval(sources, look), persons, place, transport)
    touching = [e for e in errors if problems or any(touches(e, each.page.rendition) for each in batch)]
    refuse([*touching, *problems] if touching else [])
    report.note_left_out(errors, touching)
    return sources, look, batch, [*problems, *([] if include_drafts else unapproved(batch))]


def _make_emails(sources: Sources, look: Look, batch: Sequence[Delivery], jobs: int) -> dict[str, bytes]:
    """Return the e-mails of a batch, without an address yet, by the file of their rendition."""
    from handouts.cli import machine
    from handouts.library.build import finished

    pages = list({each.page.rendition.file: each.page for each in batch}.values())
    refuse([*machine.library_problems(), *machine.font_problems(page.locale for page in pages)])
    with progress(len(pages), "Making e-mails") as on_done:
        made, problems = finished(sources, look, pages, jobs, on_done)
    refuse(problems)
    return made


def _hand_over(
    sources: Sources,
    look: Look,
    batch: Sequence[Delivery],
    settings: Settings,
    people: Path,
    ledger: Path,
    knowingly: Mapping[str, bool],
    purpose: Purpose,
    jobs: int,
) -> int:
    """Hand a batch over to the clinic's server, and print how it went. The settings must have that server."""
    from handouts.sending import run
    from handouts.sending.ledger import held
    from handouts.sending.servers import connected, copies_for, transport_for
    from handouts.sending.tokens import secret_for

    transport = transport_for(settings, purpose, secret_for(settings, purpose))
    files_copies = purpose == "smtp" and settings.sent
    copies = copies_for(settings, secret_for(settings, "imap")) if files_copies else None
    with held(ledger, **knowingly) as book:
        emails = _make_emails(sources, look, batch, jobs)
        with watching(len(batch), "Sending") as watch, ExitStack() as stack:
            for each in filter(None, (transport, copies)):
                stack.enter_context(connected(each, settings, watch))
            result = run.send(batch, emails, transport, book, settings, people, watch, copies)
    report.line(str(result) or "nothing to send")
    return report.ended(result.problems, as_json=False)


def _print_plan(batch: Sequence[Delivery], before: Mapping[str, Entry]) -> None:
    """Print who would get what, and what they have got already."""
    heads = [
        "line",
        "address",
        "asked for",
        "locale",
        "region",
        "clinic",
        "handout",
        "layout",
        "state",
        "ledger",
    ]
    rows = []
    for each in batch:
        made, person, entry = each.page.rendition, each.person, before.get(each.key)
        fate = f"{entry.fate} {entry.at[:10]}" if entry else "would be sent"
        names = [
            str(person.line),
            person.address,
            person.asked,
            made.locale,
            made.region,
            made.clinic or "none",
        ]
        rows.append([*names, made.handout, made.layout, each.page.state, fate])
    report.table(heads, rows)
    new = sum(each.key not in before or before[each.key].fate == "put-off" for each in batch)
    report.line(f"{new} of {counted(len(batch), 'e-mail')} would be sent. Nothing has been: add --send.")


@command.command("sign-in")
@click.option(
    "--settings", "settings_file", type=options.PATH, required=True, help="TOML of the clinic's servers."
)
@click.option("--device", is_flag=True, help="With a code that is typed on another device (Microsoft only).")
@click.pass_obj
def sign_in(_: Path, settings_file: Path, device: bool) -> None:
    """Sign in to Microsoft 365 or Google Workspace in a browser, as the settings have it; kept in the keyring."""
    from handouts.sending import browser
    from handouts.sending.microsoft import Microsoft
    from handouts.sending.providers import Provider, mailboxes
    from handouts.sending.settings import settings_for
    from handouts.sending.tokens import keep, to_sign_in
    from handouts.sending.transport import UnusableServerError

    settings, problems = settings_for(settings_file, None)
    refuse(problems)
    if settings and device and any(name == "google" for name, _ in mailboxes(settings)):
        what = "Google gives no right to mail by a code that is typed on another device."
        fix = "Leave --device out, on a machine with a browser."
        refuse([in_command("device-not-offered", "--device", what, fix)])

    def ask() -> str:
        return str(click.prompt("The secret of Google's client (not shown)", hide_input=True, err=True))

    found: list[Provider] = to_sign_in(settings, ask) if settings else []
    for provider in found:
        try:
            if device and isinstance(provider, Microsoft):
                grant = provider.by_device(report.note)
            else:
                grant = browser.sign_in(provider, _open_browser)
        except UnusableServerError as error:
            refuse([error.problem(f"{provider.name.title()} ({provider.user})")])
        keep(provider, grant)
        report.line(f"{provider.user}\tsigned in to {provider.name.title()}")
    if not found:
        what = "nothing in these settings is signed in to with a token."
        fix = 'Write auth = "microsoft" or auth = "google" for a server, or transport = "graph".'
        refuse([in_file("no-sign-in-needed", str(settings_file), what, fix)])


def _open_browser(address: str) -> None:
    """Open an address in the browser of this machine, and print it for where there is none."""
    import webbrowser

    report.note(
        f"Sign in in the browser. If none opens, open this address in one on this machine:\n{address}"
    )
    webbrowser.open(address)


@command.command("outbox")
@ledger_option
@options.as_json
@click.pass_obj
def show_outbox(root: Path, ledger: Path, as_json: bool) -> None:
    """Show what was sent, and what a person must decide: unknown, refused, put off, came back."""
    from handouts.sending.decisions import is_draft
    from handouts.sending.ledger import missing_ledger, opened
    from handouts.sending.ledger_file import was_used
    from handouts.sending.run import count_in_words

    entries: Sequence[Entry] = []
    if was_used(ledger):
        with opened(ledger) as book:
            entries = book.entries()
    elif ledger != root / LEDGER:
        refuse([missing_ledger(ledger)])
    if as_json:
        report.line(json.dumps([vars(entry) for entry in entries], ensure_ascii=False, indent=1))
        return
    undecided = [entry for entry in entries if entry.fate != "sent"]
    if undecided:
        rows = [[e.key, e.fate, e.address, e.what, e.way, e.at[:19], e.said] for e in undecided]
        report.table(["key", "fate", "address", "what", "way", "when (UTC)", "server"], rows)
        report.line(
            "Decide about what is unknown, refused or came back: python3 build.py mail resolve KEY --sent, or --again."
        )
    counts = Counter((is_draft(entry), entry.fate) for entry in entries)
    told = [count_in_words(number, fate, drafts=drafts) for (drafts, fate), number in counts.items()]
    report.line(", ".join(told) or "Nothing was sent yet.")


@command.command("resolve")
@click.argument("key")
@click.option("--sent", "decided", flag_value="sent", help="It was sent.")
@click.option(
    "--again", "decided", flag_value="again", help="It was not, or a draft is gone; the next run may send it."
)
@click.option(
    "--bounced", "decided", flag_value="bounced", help="It came back. After that, --again sends it once more."
)
@ledger_option
@click.pass_obj
def resolve(_: Path, key: str, decided: Decision | None, ledger: Path) -> None:
    """Decide about an e-mail: what became of it, or that it may go once more (KEY as mail outbox shows it)."""
    from handouts.sending import decisions
    from handouts.sending.ledger import held, missing_ledger
    from handouts.sending.ledger_file import was_used

    if decided is None:
        raise click.UsageError("Say what became of it: --sent, --again or --bounced.")
    refuse([] if was_used(ledger) else [missing_ledger(ledger)])
    with held(ledger) as book:
        refuse(decisions.resolve(book, key, decided))
    said = {"sent": "sent", "again": "may be sent again", "bounced": "came back; --again sends it once more"}
    report.line(f"{key}\t{said[decided]}")
