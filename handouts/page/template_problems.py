"""What is wrong in a template, with its file and line: as Jinja says it, told as a problem."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, wraps
from traceback import extract_tb
from types import UnionType
from typing import Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from jinja2 import TemplateError, TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, Undefined

from handouts.problems import Problem, SourceError, in_file
from handouts.sources.look import TEMPLATE_FOLDER

P = ParamSpec("P")
R = TypeVar("R")
ValueTypes = type | tuple[type, ...]
TEMPLATE_PATH = f"{TEMPLATE_FOLDER}/"  # what the file of every template begins with, also in tracebacks


@contextmanager
def template_told() -> Iterator[None]:
    """Raise SourceError for a template that does not work: it cannot be read, asks for what there is not, or fails as it is filled in."""
    try:
        yield
    except TemplateError as error:
        raise SourceError([template_problem(error)]) from error
    except Exception as error:
        frames = extract_tb(error.__traceback__)
        if not frames[-1].filename.startswith(TEMPLATE_PATH):
            raise  # it was met in what the template has called
        raise SourceError([template_problem(error)]) from error


def asked(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function as templates call it: what it is given is of the kind that its signature names, or the template does not work.

    Without it a template that gives nothing where a value belongs would fail within the function, as a fault of the program.
    """
    if inspect.ismethod(function):
        kinds, spread = _kinds(function.__func__)
        in_order = tuple(kinds.values())[1:]  # what it is a method of is there
    else:
        kinds, spread = _kinds(function)
        in_order = tuple(kinds.values())

    @wraps(function)
    def called(*given: P.args, **named: P.kwargs) -> R:
        fits = all(map(isinstance, given, in_order))
        if not fits or not all(isinstance(what, kinds.get(name, spread)) for name, what in named.items()):
            told = ", ".join(type(what).__name__ for what in (*given, *named.values()))
            raise TemplateRuntimeError(f"{function.__name__} cannot take what it is given ({told})")
        try:
            return function(*given, **named)
        except TypeError as error:
            if error.__traceback__ and error.__traceback__.tb_next:
                raise  # it was met within
            raise TemplateRuntimeError(f"{error}") from error

    return called


@cache
def _kinds(function: Callable[..., Any]) -> tuple[Mapping[str, ValueTypes], ValueTypes]:
    """Return the classes that a function takes, by parameter, and those of what it takes by any other name."""
    parameters = inspect.signature(function).parameters
    hints = {
        name: (*_classes(hint), Undefined)
        for name, hint in get_type_hints(function).items()
        if _classes(hint)
    }
    kinds: dict[str, ValueTypes] = {name: hints.get(name, object) for name in parameters}
    spread = next((kinds[n] for n, each in parameters.items() if each.kind is each.VAR_KEYWORD), object)
    return kinds, spread


def _classes(hint: Any) -> tuple[type, ...]:
    """Return the classes that a hint names, none where it names something else as well: then anything is taken."""
    if get_origin(hint) in (Union, UnionType):
        every = [_classes(each) for each in get_args(hint)]
        return tuple(kind for some in every for kind in some) if all(every) else ()
    return (hint,) if isinstance(hint, type) and get_origin(hint) is None else ()


def template_problem(error: Exception) -> Problem:
    """Return the problem of a template that does not work, by the error that it raised."""
    file, line = _place(error)
    if isinstance(error, TemplateNotFound):
        what = f"there is no “{error.name}” in {TEMPLATE_FOLDER}/."
        return in_file(
            "file-missing", file or f"{TEMPLATE_PATH}{error.name}", what, "Put it back.", line=line
        )
    said = (error.message if isinstance(error, TemplateError) else str(error)) or type(error).__name__
    what = f"this template does not work: {said.removesuffix('.')}."
    fix = "Look at this line and the one above it, or undo the last change."
    return in_file("invalid-template", file or TEMPLATE_FOLDER, what, fix, line=line)


def _place(error: Exception) -> tuple[str, int]:
    """Return the file and line of the template in which an error came up, where it did in one."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or "", error.lineno
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(TEMPLATE_PATH)]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)
