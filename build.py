"""The way in: `python build.py …`. The commands, and the build itself, readable from top to bottom."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent

# `make` puts the packages into .venv; `python build.py` should work without activating it.
inside = ROOT / ".venv" / "bin" / "python"
if inside.exists() and __name__ == "__main__" and Path(sys.prefix).resolve() != (ROOT / ".venv").resolve():
    os.execv(inside, [str(inside), *sys.argv])  # noqa: S606 - our own interpreter
try:
    import click
except ModuleNotFoundError:
    sys.exit("The project is not set up yet. Run: make setup")

from handouts import __version__
from handouts.cli import report
from handouts.model import FORMATS, LAYOUTS, PAPERS, SOURCE_LANGUAGE, Paper
from handouts.problems import Problem, SourceError, did_you_mean, refuse
from handouts.sources.load import Sources, load_sources
from handouts.sources.look import Look, load_look
from handouts.sources.reviews import REVIEW_KINDS


class Commands(click.Group):
    """A group that builds when no command is named, and asks “Did you mean …?”."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in {"--help", "--version"}):
            args = ["build", *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if self.get_command(ctx, args[0]) is None:
            ctx.fail(f"There is no command “{args[0]}”. {did_you_mean(args[0], self.commands)}")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands)
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Make patient handouts about Interpersonal Psychotherapy: on paper, by e-mail, as text."""


def today() -> date:
    """Return the day it is here: the one look at the clock."""
    return datetime.now(tz=UTC).astimezone().date()


def read_look() -> Look:
    """Return how everything looks. Raises SourceError where that cannot be read."""
    look, problems = load_look(ROOT, os.environ)
    refuse(problems)
    return look


def read_all(tags: Sequence[str] = ()) -> tuple[Sources, Look, list[Problem]]:
    """Return all sources, how they look, and every problem found in them: what could not be read, and what is wrong in the rest.

    Where locales are named, what is wrong in others is left out: it does not touch them.
    """
    from handouts.checks.every import check_sources, concerning
    from handouts.library.plan import chosen_locales
    from handouts.workbench.pseudo import PSEUDO_LOCALES, with_pseudo_locales

    sources, problems = load_sources(ROOT, today())
    look, faults = load_look(ROOT, os.environ)
    problems += faults
    asked = {tag.lower() for tag in tags}
    made_up = {tag for tag in PSEUDO_LOCALES if tag.lower() in asked}
    chosen = chosen_locales(
        sources,
        [tag for tag in tags if tag.lower() not in {name.lower() for name in made_up}]
        or [SOURCE_LANGUAGE] * len(tags),
    )
    if not any(problem.severity == "error" for problem in problems) or sources.is_whole:
        problems += check_sources(sources, look, chosen)
    # Made up after the checks: accented English is no fault of a translator.
    sources = with_pseudo_locales(sources, made_up) if made_up and sources.is_whole else sources
    there = made_up or any(sources.match(tag) or (ROOT / "locales" / tag).is_dir() for tag in tags)
    return sources, look, concerning(problems, [*chosen, *tags]) if there else problems


@main.command()
@click.option("--locale", "locales", multiple=True, metavar="TAG", help="Only this locale; may be repeated.")
@click.option(
    "--handout", "handouts", multiple=True, metavar="SLUG", help="Only this handout; may be repeated."
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Only this format; may be repeated.",
)
@click.option(
    "--layout",
    "layouts",
    multiple=True,
    type=click.Choice(LAYOUTS),
    help="Only this layout; may be repeated.",
)
@click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system.")
@click.option("--clinic", default="", metavar="SLUG", help="The clinic whose name is printed on top.")
@click.option("--paper", type=click.Choice(PAPERS), help="The paper; the region's own unless given.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "dist", help="The output folder (dist)."
)
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Workers; one a processor."
)
@click.option("--approved-only", is_flag=True, help="Only what was checked and signed.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest entries as JSON.")
def build(out: Path, jobs: int, as_json: bool, approved_only: bool, **wanted: Any) -> None:
    """Make the handouts (the default command)."""
    from handouts.cli import machine
    from handouts.library import build as library
    from handouts.library import manifest
    from handouts.library.plan import Choice, plan, unknown_names

    start = time.perf_counter()
    sources, look, problems = read_all(wanted["locales"])
    choice = Choice(**wanted)
    refuse([*problems, *unknown_names(sources, choice), *manifest.folder_problems(ROOT, out)])
    pages = plan(sources, choice)
    refuse(report.nothing_to_make(pages))
    if any(page.rendition.format == "pdf" for page in pages):
        refuse([*machine.library_problems(), *machine.font_problems(page.locale for page in pages)])
    dropped = 0
    if approved_only:
        approved = [page for page in pages if page.state == "approved"]
        dropped, lost = library.drop_unapproved(out, [p for p in pages if p not in approved])
        refuse([*lost, *report.nothing_approved(approved)])
        pages = approved
    with report.progress(len(pages), "Making handouts", quiet=as_json) as tell:
        result = library.build(sources, look, pages, out, jobs, tell)
    report.built(result, out, dropped, time.perf_counter() - start, as_json=as_json)
    refuse(result.problems)


@main.command()
@click.argument("tags", nargs=-1)
def check(tags: Sequence[str]) -> None:
    """Check content, catalogs and reviews; with a locale, that one. Print every problem, the English grade and the contrast."""
    from handouts.checks.catalogs import coverage
    from handouts.checks.content import grades
    from handouts.checks.contrast import contrast_figures
    from handouts.library.plan import Choice, chosen_locales, unknown_names

    sources, look, problems = read_all(tags)
    problems += unknown_names(sources, Choice(locales=tuple(tags)))
    if sources.is_whole:
        if not tags:
            report.figures(grades(sources.content), contrast_figures(look.tokens))
        report.checked(coverage(sources, chosen_locales(sources, tags)), problems)
    report.problems(problems)
    if any(problem.severity == "error" for problem in problems):
        sys.exit(1)
    report.line("No errors.")


@main.command()
@click.argument("tags", nargs=-1)
@click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "dist", help="Where the page goes (dist)."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(tags: Sequence[str], region: str, out: Path, as_json: bool) -> None:
    """Show how far each locale is: coverage, state, who reviewed what and when, what is stale and why."""
    from handouts.library import manifest
    from handouts.library.plan import Choice, chosen_locales, unknown_names
    from handouts.workbench import status as statuses

    sources, problems = load_sources(ROOT, today())
    refuse([*problems, *unknown_names(sources, Choice(region=region, locales=tuple(tags)))])
    refuse(manifest.folder_problems(ROOT, out))
    found = statuses.all_statuses(sources, region, chosen_locales(sources, tags))
    page = statuses.write_status_page(statuses.status_page(sources, read_look(), found, region), out)
    report.status(found, page, as_json=as_json)


@main.command()
@click.argument("out", type=click.Path(path_type=Path), default=ROOT / "dist")
@click.option("--locale", "locales", multiple=True, metavar="TAG", help="Only this locale; may be repeated.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Workers; one a processor."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def verify(out: Path, locales: Sequence[str], jobs: int, as_json: bool) -> None:
    """Read back what was made, from the manifest in OUT (dist), before it is given out."""
    from handouts.cli import machine
    from handouts.library.plan import Choice, unknown_names

    refuse(machine.verify_problems())
    sources, look, problems = read_all(locales)
    refuse([*problems, *unknown_names(sources, Choice(locales=tuple(locales)))])
    from handouts.verify import release

    start = time.perf_counter()
    entries = release.listed(sources, out, tuple(locales))
    with report.progress(len(entries), "Reading handouts", quiet=as_json) as tell:
        verdicts = release.verify_release(sources, look, out, entries, jobs, tell)
    report.verified(verdicts, time.perf_counter() - start, as_json=as_json)
    refuse(problem for verdict in verdicts for problem in verdict.problems)


@main.command()
def doctor() -> None:
    """Say what this machine lacks, and the one command that cures it."""
    from handouts.cli import machine

    sources, problems = load_sources(ROOT, today())
    report.doctor(machine.examine(sources.locales.values()))
    refuse([*problems, *machine.problems(sources.locales.values())])


@main.group()
def locale() -> None:
    """Look after the locales."""


@locale.command("add")
@click.argument("tag")
@click.option("--autonym", default="", metavar="NAME", help="What the language calls itself.")
@click.option("--english-name", default="", metavar="NAME", help="What English calls it.")
@click.option(
    "--font", "fonts", multiple=True, metavar="FAMILY", help="An installed font family; may be repeated."
)
def locale_add(tag: str, autonym: str, english_name: str, fonts: Sequence[str]) -> None:
    """Make the folder of a new locale: its facts, filled in from Babel, and every message to translate."""
    from handouts.workbench import scaffold

    sources, problems = load_sources(ROOT, today())
    refuse([*problems, *scaffold.new_tag_problems(tag, sources.locales)])
    given = scaffold.GivenFacts(autonym.strip(), english_name.strip(), tuple(fonts))
    made, lacking = scaffold.new_locale(tag, given, sources.locales)
    while lacking and sys.stdin.isatty():
        # A person at a terminal is asked; a script is told which option to give.
        given = report.asked(given, lacking)
        made, lacking = scaffold.new_locale(tag, given, sources.locales)
    refuse(lacking)
    files = scaffold.write_locale(sources.root, made, sources.blocks())
    report.added(made, [*files, *first_page(made.tag)])


def first_page(tag: str) -> list[str]:
    """Print the first handout of a new locale, in English as yet; return the file, none where this machine cannot."""
    from handouts.cli import machine
    from handouts.library import build as library
    from handouts.library.plan import Choice, plan

    sources, _ = load_sources(ROOT, today())
    if machine.library_problems() or tag not in sources.locales:
        return []
    slugs = tuple(sources.content.drafts)[:1]
    pages = plan(sources, Choice(locales=(tag,), handouts=slugs, formats=("pdf",), layouts=("standard",)))
    result = library.build(sources, read_look(), pages, ROOT / "dist", 1, lambda _: None)
    return [f"dist/{entry.rendition.file}" for entry in result.entries]


@locale.command("update")
@click.argument("tags", nargs=-1)
def locale_update(tags: Sequence[str]) -> None:
    """Bring catalogs up to date with the English: all, or those of the locales named."""
    from handouts.library.plan import Choice, chosen_locales, unknown_names
    from handouts.sources import catalogs

    sources, problems = load_sources(ROOT, today())
    # What this command cures is no reason to refuse it.
    refuse(problem for problem in problems if problem.code != "catalog-missing")
    refuse(unknown_names(sources, Choice(locales=tuple(tags))))
    chosen = [sources.locales[tag] for tag in chosen_locales(sources, tags) if tag != SOURCE_LANGUAGE]
    report.updated(catalogs.update(sources.root, chosen, sources.blocks()))


@main.group()
def review() -> None:
    """Look after the reviews."""


@review.command("sign")
@click.argument("locale")
@click.argument("handout")
@click.option("--kind", required=True, type=click.Choice(REVIEW_KINDS), help="What was checked.")
@click.option(
    "--reviewer", required=True, metavar="NAME", help="Name or handle of who checked it, with their consent."
)
@click.option("--role", required=True, metavar="ROLE", help="What they are, such as “accredited translator”.")
@click.option(
    "--translator", "translators", multiple=True, metavar="NAME", help="Who translated it; may be repeated."
)
@click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day of the review; today unless given.")
def review_sign(locale: str, handout: str, date: datetime | None, **given: Any) -> None:
    """Sign that a person checked a HANDOUT in a LOCALE, word for word as it is now."""
    from handouts.library.plan import Choice, unknown_names
    from handouts.workbench import signing

    sources, problems = load_sources(ROOT, today())
    choice = Choice(locales=(locale,), handouts=(handout,), region=given["region"])
    refuse([*problems, *unknown_names(sources, choice), *signing.inexact_tag_problems(sources, locale)])
    day = date.date() if date else today()
    signature = signing.new_signature(sources, locale, handout=handout, date=day, **given)
    refuse(signing.signing_problems(sources, locale, signature, today()))
    files = signing.add_signature(sources, locale, signature)
    state = load_sources(ROOT, today())[0].state(handout, given["region"], locale)
    report.signed(signature, locale, state, files)


@main.command()
@click.argument("locale")
@click.argument("handout")
@click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system.")
@click.option("--paper", type=click.Choice(PAPERS), help="The paper; the region's own unless given.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=ROOT / "proofs", help="The output folder (proofs)."
)
def proof(locale: str, handout: str, region: str, paper: Paper | None, out: Path) -> None:
    """Make a PDF of a HANDOUT in a LOCALE for checkers on paper: English, translation, block, remarks, signature."""
    from handouts.cli import machine
    from handouts.library import cache, manifest
    from handouts.library.deliver import deliver
    from handouts.library.plan import Choice, chosen_locales, unknown_names
    from handouts.workbench import proof as proofs

    sources, look, problems = read_all([locale])
    choice = Choice(locales=(locale,), handouts=(handout,), region=region)
    refuse([*problems, *unknown_names(sources, choice), *manifest.folder_problems(ROOT, out)])
    (tag,) = chosen_locales(sources, [locale])
    refuse(report.no_proof(sources.locales[tag]) if tag == SOURCE_LANGUAGE else [])
    refuse([*machine.library_problems(), *machine.font_problems([sources.locales[tag]])])
    request = proofs.ProofRequest(tag, handout, region, paper or sources.content.regions[region].paper)
    folder, warnings = cache.cache_folder(ROOT)
    data = proofs.make_proof(sources, look, request, folder)
    refuse([*warnings, *deliver(out, request.file, data)])
    report.line(f"{out / request.file}\t{len(data) / 1000:.0f} kB")


@main.command()
@click.argument("locale", required=False)
@click.option("--handout", default="", metavar="SLUG", help="Which handout to begin with.")
@click.option(
    "--region", default="au", metavar="CODE", show_default=True, help="The health system to begin with."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="A port of this machine; any free one unless given.",
)
@click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
def preview(locale: str | None, handout: str, region: str, port: int, opened: bool) -> None:
    """Show a handout as it is being translated, in a browser on this machine; every save shows at once."""
    import webbrowser
    from urllib.parse import urlencode

    from handouts.checks.every import concerning
    from handouts.cli import machine
    from handouts.library import cache
    from handouts.library.plan import Choice, chosen_locales, unknown_names
    from handouts.workbench.pseudo import PSEUDO_LOCALES

    sources, problems = load_sources(ROOT, today())
    # What is wrong in a text is shown on the page; without a whole, or the locale, there is nothing to show.
    broken = [] if locale is None or sources.match(locale) else concerning(problems, [locale])
    refuse(problems if not sources.is_whole else broken)
    wanted = (locale,) if locale and locale not in PSEUDO_LOCALES else ()
    choice = Choice(locales=wanted, handouts=(handout,) if handout else (), region=region)
    refuse([*unknown_names(sources, choice), *machine.library_problems()])
    shown = chosen_locales(sources, wanted) if wanted else [SOURCE_LANGUAGE]
    refuse(machine.font_problems(sources.locales[tag] for tag in shown))
    from handouts.workbench.preview import server

    tag = chosen_locales(sources, wanted)[0] if wanted else locale or next(iter(sources.locales))
    query = urlencode(
        {"locale": tag, "handout": handout or next(iter(sources.content.drafts)), "region": region}
    )

    def tell(address: str) -> None:
        report.serving(address)
        if opened:
            webbrowser.open(address)

    folder, _ = cache.cache_folder(ROOT)
    server.serve(ROOT, folder, today, f"?{query}", port, tell)


LEDGER = ROOT / "outbox" / "ledger.sqlite3"
FILE = click.Path(path_type=Path)


def batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say who gets what."""
    for option in (
        click.option("--to-file", "people", required=True, type=FILE, help="CSV of addresses and locales."),
        click.option(
            "--settings", "settings", type=FILE, help="TOML of the clinic's servers (docs/mail.example.toml)."
        ),
        click.option("--region", default="au", metavar="CODE", show_default=True, help="The health system."),
        click.option("--clinic", default="", metavar="SLUG", help="The clinic whose name is printed on top."),
        click.option(
            "--include-drafts", is_flag=True, help="Also what is not approved; it says DRAFT on top."
        ),
        click.option("--ledger", type=FILE, default=LEDGER, help="Where it is kept who got what (outbox/)."),
        click.option("--jobs", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Workers."),
    ):
        command = option(command)
    return command


def read_batch(people: Path, way: str, **given: Any) -> tuple[Sources, Look, list[Any], list[Problem]]:
    """Return the sources, how they look, the messages of a batch, and everything that keeps it from going."""
    from handouts.library.plan import Choice, unknown_names
    from handouts.sending import outbox
    from handouts.sending.people import read_people

    sources, look, problems = read_all()
    problems += unknown_names(sources, Choice(region=given["region"], clinic=given["clinic"]))
    refuse(problems)
    persons = read_people(people, sources, problems)
    batch = outbox.errands(sources, persons, given["region"], given["clinic"], way)
    problems += [] if given["include_drafts"] else outbox.unapproved(batch)
    return sources, look, batch, problems


def finish_messages(sources: Sources, look: Look, batch: list[Any], jobs: int) -> dict[str, bytes]:
    """Return the messages of a batch, not addressed yet, by the file of their rendition."""
    from handouts.cli import machine
    from handouts.library import build as library

    pages = list({errand.page.rendition.file: errand.page for errand in batch}.values())
    refuse([*machine.library_problems(), *machine.font_problems(page.locale for page in pages)])
    with report.progress(len(pages), "Making messages", quiet=False) as tell:
        made, problems = library.finished(sources, look, pages, jobs, tell)
    refuse(problems)
    return made


@main.group()
def mail() -> None:
    """Send handouts by e-mail, one message to one person; or lay them into the drafts."""


@mail.command("draft")
@batch_options
@click.option("--out", type=FILE, default=ROOT / "drafts", help="The folder for .eml files (drafts).")
@click.option("--imap", is_flag=True, help="Into the drafts folder of the clinic's own mailbox instead.")
def mail_draft(
    people: Path, settings: Path | None, out: Path, imap: bool, ledger: Path, jobs: int, **given: Any
) -> None:
    """Write a draft for every person of a file: a .eml each, or a message in the mailbox's drafts folder."""
    from handouts.cli import mail_report as account
    from handouts.library import manifest
    from handouts.sending import outbox

    refuse([] if imap else manifest.folder_problems(ROOT, out))
    sources, look, batch, problems = read_batch(people, "drafts", **given)
    known, more = account.settings_for(settings, needed="imap" if imap else "")
    refuse([*problems, *more])
    if imap:
        deliver_batch(sources, look, batch, known, people, ledger, "imap", jobs)
        return
    refuse(outbox.write_drafts(batch, finish_messages(sources, look, batch, jobs), out))
    report.line(f"{len(batch)} drafts in {out}")


@mail.command("send")
@batch_options
@click.option("--send", "really", is_flag=True, help="Send. Without it, only what would be sent is shown.")
def mail_send(
    people: Path, settings: Path | None, really: bool, ledger: Path, jobs: int, **given: Any
) -> None:
    """Send every person of a file their handouts by the clinic's SMTP server. A dry run unless --send is given."""
    from handouts.cli import mail_report as account
    from handouts.sending.ledger import opened

    sources, look, batch, problems = read_batch(people, "smtp", **given)
    known, more = account.settings_for(settings, needed="smtp")
    refuse([*problems, *more])
    if not really:
        known_before = {}
        if ledger.exists():
            with opened(ledger) as book:
                known_before = {entry.key: entry for entry in book.entries()}
        account.plan(batch, known_before)
        return
    deliver_batch(sources, look, batch, known, people, ledger, "smtp", jobs)


def deliver_batch(
    sources: Sources,
    look: Look,
    batch: list[Any],
    known: Any,
    people: Path,
    ledger: Path,
    way: Literal["smtp", "imap"],
    jobs: int,
) -> None:
    """Hand a batch over to a server, and print how it went."""
    from handouts.cli import mail_report as account
    from handouts.sending import outbox, servers
    from handouts.sending.ledger import held
    from handouts.sending.settings import secret

    server = known.smtp if way == "smtp" else known.imap
    password = secret(way, server)
    by: servers.Way = (
        servers.Smtp(server, password) if way == "smtp" else servers.Drafts(server, password, known.drafts)
    )
    with held(ledger) as book:
        messages = finish_messages(sources, look, batch, jobs)
        with account.reached(by, server) as line, report.progress(len(batch), "Sending", quiet=False) as tell:
            tally = outbox.send(batch, messages, line, book, known, people, tell)
    report.line(f"{tally or 'nothing to send'}")
    refuse(tally.problems)


@mail.command("outbox")
@click.option("--ledger", type=FILE, default=LEDGER, help="Where it is kept who got what (outbox/).")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def mail_outbox(ledger: Path, as_json: bool) -> None:
    """Show what was sent, and what a person must decide: unknown, refused, put off."""
    from handouts.cli import mail_report as account
    from handouts.sending.ledger import opened

    if not ledger.exists():
        refuse(account.no_ledger(ledger) if ledger != LEDGER else [])
        account.outbox([], as_json=as_json)
        return
    with opened(ledger) as book:
        account.outbox(book.entries(), as_json=as_json)


@mail.command("resolve")
@click.argument("key")
@click.option("--sent", "fate", flag_value="sent", help="It was sent.")
@click.option("--again", "fate", flag_value="again", help="It was not; the next run may send it.")
@click.option("--ledger", type=FILE, default=LEDGER, help="Where it is kept who got what (outbox/).")
def mail_resolve(key: str, fate: str | None, ledger: Path) -> None:
    """Decide about a message of which no one can tell whether it was sent (KEY as mail outbox shows it)."""
    from handouts.sending import outbox
    from handouts.sending.ledger import held

    if fate is None:
        raise click.UsageError("Say what is so: --sent or --again.")
    with held(ledger) as book:
        refuse(outbox.resolve(book, key, sent=fate == "sent"))
    report.line(f"{key}\t{'sent' if fate == 'sent' else 'may be sent again'}")


def run(command: Callable[..., Any]) -> None:
    """Run a command: 0 done, 1 problems in the sources (all of them printed), 2 wrong usage."""
    try:
        command()
    except SourceError as error:
        report.problems(error.problems)
        sys.exit(1)
    except OSError as error:
        where = str(error.filename or "this machine")
        fix = "Check that it is there, who may read and write it, and that the disk has room."
        report.problems(
            [Problem("machine-refused", where, f"the machine refused: {error.strerror or error}.", fix)]
        )
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - a person is never shown a traceback
        what = f"this is a fault of the program: {type(error).__name__}: {error}."
        fix = "Undo your last change to try without it, and report this with that change."
        report.problems([Problem("fault-program", "build.py", what, fix)])
        sys.exit(1)


for stream in (sys.stdout, sys.stderr):
    # A terminal that knows no Arabic shows question marks, not a traceback.
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")

if __name__ == "__main__":
    run(main)
