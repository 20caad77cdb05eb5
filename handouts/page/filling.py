"""A template is filled in, by Jinja: compiled once for all commands, every name it is not given is an error."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket, bc_magic
from markupsafe import Markup

from handouts import markup
from handouts.memory import Memory, NoMemory, digest_of_texts
from handouts.model import Block
from handouts.page.template_problems import asked, template_told
from handouts.page.values import counter, dial, month, person, phone, sms, value, way_to, web
from handouts.sources.look import TEMPLATE_FOLDER, Look

MOST_COMPILED = 100  # several times the templates there are


class _Compiled(BytecodeCache):
    """Keeps what was compiled, so that of a new look only the templates that changed are compiled again.

    A `memory` gives what earlier commands have compiled.
    """

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}
        self.memory: Memory = NoMemory()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template its code, if it has been compiled before from the same text."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))
        known = None if bucket.code else self.memory.known(_key(bucket))
        if known:
            bucket.bytecode_from_string(b64decode(known))
            self.kept[bucket.key, bucket.checksum] = bucket.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template; of all that there ever were only the latest."""
        if len(self.kept) > MOST_COMPILED:
            self.kept.clear()
        self.kept[bucket.key, bucket.checksum] = bucket.code
        self.memory.keep(_key(bucket), b64encode(bucket.bytecode_to_string()).decode())


def _key(bucket: Bucket) -> str:
    """Return what a compiled template is remembered by: its name, its text, and how Jinja and Python write code."""
    return digest_of_texts((bucket.key, bucket.checksum, repr(bc_magic)))


COMPILED = _Compiled()


@lru_cache(maxsize=2)  # the preview has a new look after every change of a template
def environment(look: Look) -> Environment:
    """Return Jinja for the templates of a look, with autoescape in HTML and every undefined name an error.

    Every template may call `css(name)` for a style sheet, and what makes values of numbers, names and dates.
    """

    def load(name: str) -> tuple[str, str, Callable[[], bool]]:
        return (
            look.template(name),
            f"{TEMPLATE_FOLDER}/{name}",
            lambda: True,
        )  # its file is told where it does not work

    environment = Environment(
        loader=FunctionLoader(load),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=COMPILED,
    )
    given = (value, phone, sms, web, way_to, counter, dial, month, person, groups, parted, markup.plain)
    environment.globals.update({function.__name__: asked(function) for function in given})
    environment.globals["css"] = lambda name: Markup(look.template(name))
    return environment


def fill(look: Look, name: str, **values: Any) -> str:
    """Return a template filled in. Raises SourceError for one that does not work."""
    with template_told():
        return environment(look).get_template(name).render(values)


def groups(blocks: Iterable[Block]) -> list[tuple[str, list[Block]]]:
    """Return runs of blocks of one kind, so that items share a list and cards a grid."""
    return [(kind, list(run)) for kind, run in groupby(blocks, key=lambda block: block.kind)]


def parted(blocks: Sequence[Block], bilingual: bool) -> tuple[Sequence[Block], Sequence[Block]]:  # noqa: FBT001 - for templates
    """Return the blocks that stay with the heading of a section, and the others: the first paragraph, or a list as a whole.

    On a page with two languages a list is as many pairs as it has items, and the first of them stays.
    """
    ((kind, run), *_) = groups(blocks) or [("", [])]
    first = 1 if bilingual or kind == "paragraph" else len(run)
    return blocks[:first], blocks[first:]
