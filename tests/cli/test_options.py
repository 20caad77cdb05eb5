"""The options that commands share: each has one default, said once."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click

from handouts.cli import options
from handouts.cli.commands import main
from handouts.library.plan import Choice, chosen_places
from handouts.model import DEFAULT_REGION, Place
from handouts.sources.load import Sources
from tests.conftest import Project


def every_option() -> list[tuple[str, click.Option]]:
    """Return the options of every command, with the name of the command."""
    found: list[tuple[str, click.Option]] = []
    waiting: list[tuple[str, click.Command]] = [("", main)]
    while waiting:
        name, command = waiting.pop()
        found += [(name, each) for each in command.params if isinstance(each, click.Option)]
        if isinstance(command, click.Group):
            waiting += [(f"{name} {word}".strip(), each) for word, each in command.commands.items()]
    return found


def test_every_command_has_the_same_default_region(sources: Sources) -> None:
    """That of the model, and of a choice that names none."""
    regions = {name: option.default for name, option in every_option() if option.name == "region"}
    assert len(regions) >= 2
    assert set(regions.values()) == {DEFAULT_REGION}
    assert chosen_places(sources, Choice()) == [Place(DEFAULT_REGION)]


def test_an_option_of_one_name_is_one_option() -> None:
    """The same help and kind wherever it stands, but for the folder that is said in it."""
    told: dict[str, set[str]] = {}
    for _, option in every_option():
        if option.name in {"region", "paper", "jobs", "as_json", "locales", "ledger"}:
            told.setdefault(option.name, set()).add(f"{option.help} {option.type}")
    assert len(told) == 6
    assert [name for name, helps in told.items() if len(helps) > 1] == []


def test_an_option_says_whether_it_may_be_repeated() -> None:
    """In the help of each command, also where several commands share it: a desk, a batch and a list of people are for one place."""
    of_one_place = {"desk", "mail draft", "mail send", "personal"}
    places = {(name, option.name): option for name, option in every_option()}
    assert {(name, "clinics") for name in of_one_place} <= places.keys()
    for (name, option), found in places.items():
        is_one = not found.multiple or (name in of_one_place and option in {"clinics", "regions"})
        says_so = any(words in (found.help or "") for words in ("may be repeated", "of several"))
        assert says_so is not is_one, (name, option)


def test_the_options_of_a_choice_are_its_fields_and_the_help_lists_them_in_order() -> None:
    """A new field of a choice is an option, or a build cannot be asked for it."""

    @click.command()
    @options.choice
    def command(**_: object) -> None:
        """Do nothing."""

    assert [param.name for param in command.params] == [field.name for field in fields(Choice)]


def test_a_folder_that_is_not_given_is_in_the_project(project: Project, tmp_path: Path) -> None:
    """Wherever the command is run; one that is given is where the person is."""
    want = ("--locale", "es", "--handout", "about-ipt", "--format", "text")
    elsewhere = Project(tmp_path / "elsewhere")
    elsewhere.root.mkdir()
    assert elsewhere.call(*want, root=project.root).code == 0
    assert (project.root / "dist/au/es/about-ipt.txt").is_file()
    assert elsewhere.call(*want, "--out", "here", root=project.root).code == 0
    assert (elsewhere.root / "here/au/es/about-ipt.txt").is_file()
