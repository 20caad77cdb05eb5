"""What is wrong in a template is told with its file and line, never as a fault of the program."""

from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import TemplateError

from handouts.library.plan import Choice, plan
from handouts.page.approval import Approval
from handouts.page.compose import compose
from handouts.page.filling import environment
from handouts.page.template_problems import template_problem, template_told
from handouts.problems import SourceError
from handouts.sources.load import Sources
from handouts.sources.look import Look


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("one\n{% if %}", "templates/page.html:2", "Expected an expression"),
        ("one\n{% endfr %}", "templates/page.html:2", "unknown tag 'endfr'"),
        ("one\n\n{{ nothing }}", "templates/page.html:3", "'nothing' is undefined"),
        ("one\n{{ css('lost.css') }}", "templates/page.html:2", "no “lost.css” in templates/"),
        ("one\n{% include 'lost.html' %}", "templates/page.html:2", "no “lost.html” in templates/"),
        ("one\n{% include 'inner.html' %}", "templates/inner.html:1", "'deep' is undefined"),
        ("one\n{{ 1 | lost }}", "templates/page.html:2", "No filter named 'lost'"),
    ],
)
def test_a_template_that_does_not_work_is_a_problem_with_its_line(
    look: Look, text: str, place: str, says: str
) -> None:
    """Whether it cannot be read, or asks for a name, a style sheet or a template that does not exist."""
    faulty = replace(look, templates={"page.html": text, "inner.html": "{{ deep }}"})
    with pytest.raises(TemplateError) as raised:
        environment(faulty).get_template("page.html").render()
    problem = template_problem(raised.value)
    assert problem.where == place
    assert says in problem.what


def test_a_template_that_is_not_there_is_missing(look: Look) -> None:
    """Without a line, as there is no file."""
    with pytest.raises(TemplateError) as raised:
        environment(replace(look, templates={})).get_template("print.html")
    problem = template_problem(raised.value)
    assert (problem.code, problem.where) == ("file-missing", "templates/print.html")


@pytest.mark.parametrize(
    "text", ["{{ 'a' ** 'b' }}", "{{ 1 / 0 }}", "{{ [1][none] + 'x' }}", "{{ '%d' % 'x' }}", "{{ lost }}"]
)
def test_a_template_that_fails_as_it_is_filled_in_is_a_problem_with_its_line(look: Look, text: str) -> None:
    """Whatever its own code raises: it is no fault of the program."""
    faulty = replace(look, templates={"page.html": f"one\n{text}"})
    with pytest.raises(SourceError) as raised, template_told():
        environment(faulty).get_template("page.html").render()
    (problem,) = raised.value.problems
    assert (problem.code, problem.where) == ("invalid-template", "templates/page.html:2")


@pytest.mark.parametrize(
    "text",
    ["{{ phone(none) }}", "{{ value([1]) }}", "{{ phone() }}", "{{ say(none) }}", "{{ say([]) }}", "{{ show(none) }}",
     "{{ say(words['imprint'], owner=none) }}", "{{ address(none) }}", "{{ say(block=words) }}", "{{ work(words) }}"],
)  # fmt: skip
def test_a_template_that_gives_what_a_function_cannot_take_is_a_problem_with_its_line(
    sources: Sources, look: Look, text: str
) -> None:
    """As where nothing is shown because the condition around it is gone: a slip in a template is no fault of the program."""
    (page,) = plan(Approval(sources, look), Choice(("en",), ("about-ipt",), ("web",)))
    faulty = replace(look, templates={**look.templates, "web.html": f"one\n{text}"})
    with pytest.raises(SourceError) as raised:
        compose(page, faulty)
    (problem,) = raised.value.problems
    assert (problem.code, problem.where) == ("invalid-template", "templates/web.html:2")


def test_what_fails_in_the_program_is_no_fault_of_the_template(look: Look) -> None:
    """It is raised as it is, though a template has called it."""

    def fail() -> None:
        raise ZeroDivisionError

    faulty = replace(look, templates={"page.html": "{{ fail() }}"})
    with pytest.raises(ZeroDivisionError), template_told():
        environment(faulty).get_template("page.html").render(fail=fail)
