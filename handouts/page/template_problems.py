"""What is wrong in a template, with its file and line: as Jinja says it, told as a problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import extract_tb

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from handouts.problems import Problem, SourceError, in_file
from handouts.sources.look import TEMPLATE_FOLDER

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
