"""What a list of mail shows of an e-mail before it is opened: nothing in it may tell of an illness."""

from __future__ import annotations

from collections.abc import Iterator

from handouts import markup
from handouts.model import SOURCE_LANGUAGE
from handouts.problems import Problem, in_file
from handouts.sources.catalogs import source_file
from handouts.sources.glossary import telling
from handouts.sources.load import Sources

# How the messages begin of which mail programs show the first words: subject and letter, and the notice of a draft.
SHOWN = ("interface.mail-", "interface.draft")
AFTER = frozenset({"interface.mail-button"})  # stands at the end of an e-mail


def check_first_lines(sources: Sources) -> Iterator[Problem]:
    """Yield the words that tell of an illness in the subject and the letter of an e-mail, in English and in every catalog."""
    for id_, block in sources.blocks().items():
        if not id_.startswith(SHOWN) or id_ in AFTER:
            continue
        texts = [(source_file(id_), 0, SOURCE_LANGUAGE, block.text)]
        texts += [
            (catalog.file, catalog.line(id_), tag, catalog.messages[id_].text)
            for tag, catalog in sources.catalogs.items()
            if id_ in catalog.messages
        ]
        for file, line, tag, text in texts:
            for word in telling(sources.glossary, markup.plain(text), tag):
                what = f"a list of mail shows this text, and “{word}” tells of an illness."
                fix = "Say it without that word."
                yield in_file("first-line-tells", file, what, fix, line=line, about=id_)
