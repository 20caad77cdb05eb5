"""The words of one page as its templates ask for them: in which language each is said, filled in, cited and escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from handouts import markup
from handouts.memo import memoized
from handouts.model import SOURCE_LANGUAGE, Block, Locale, Page
from handouts.page.references import Citation, CitationMark, Piece, number_references
from handouts.page.values import Moment, Month, Value, in_words, phone, web
from handouts.page.writers import write_message, writer
from handouts.problems import Problem, in_file, refuse
from handouts.sources.catalogs import catalog_file, source_file

PlaceholderValue = Value | Month | Moment | Block | str  # what is put into a message


class Speaker:
    """Writes the blocks of a page: in the reader's language, marked where they are English, or all in English."""

    def __init__(
        self,
        page: Page,
        *,
        marked: bool = False,
        unfilled: list[Problem] | None = None,
        parting: Collection[str] = (),
    ) -> None:
        self.page, self.marked = page, marked or page.rendition.format == "pdf"
        self.unfilled = unfilled
        self.writer = writer(page.rendition, page.locale, parting)
        self.citations = number_references(page.handout, page.locale)
        self.twins = {block.id: block for block in page.english.blocks()}
        self.numbers = {name: phone(number) for name, number in page.handout.region.numbers.items()}
        # What a writer has written is escaped; plain text has nothing to escape.
        self.finish = str if page.rendition.format == "text" else Markup

    def say(self, block: Block, **values: PlaceholderValue) -> str:
        """Return a block for a reader of the locale."""
        return self.finish(self._say(block, self.page.locale.tag, values))

    def say_after(self, block: Block, **values: PlaceholderValue) -> str:
        """Return a block that follows another on its line; it begins with the space between, which pdfium loses elsewhere."""
        return self.finish(self._say(block, self.page.locale.tag, values, around=" "))

    def say_title(self, block: Block) -> str:
        """Return a translated title, in the brackets that say it is a translation (NLM, Citing Medicine)."""
        return self.finish(self._say(block, self.page.locale.tag, {}, around="[]"))

    def say_english(self, block: Block, **values: PlaceholderValue) -> str:
        """Return the English twin of a block, for a place that the template marks as English."""
        return self.finish(self._say(self.twins[block.id], SOURCE_LANGUAGE, values))

    @memoized
    def _marks(self, tag: str) -> Mapping[str, CitationMark]:
        locale = self.page.locale if tag == self.page.locale.tag else self.page.source
        return {c.reference.id: CitationMark(c.number, locale.written(c.number)) for c in self.citations}

    def work(self, citation: Citation) -> str:
        """Return a reference, with the work's own language marked on its title where the patterns are in another."""
        plain = self.page.rendition.format == "text"
        parts = []

        def kind(piece: Piece) -> tuple[bool, str]:
            return piece.own and citation.language != citation.lang, piece.href

        for (apart, href), pieces in groupby(citation.pieces, key=kind):
            text = "".join(piece.text for piece in pieces)
            if href:  # plain text has no links: there the whole address is the link
                inner = self.writer.value(Value(href if plain else web(text).text, "ltr", href, "web"))
            else:
                inner = self.writer.text(text)
            parts.append(self.writer.in_language(inner, citation.language) if apart else inner)
        return self.finish("".join(parts))

    def show(self, what: Value) -> str:
        """Return a value that stands by itself."""
        return self.finish(self.writer.value(what))

    def _say(
        self, block: Block, language: str, values: Mapping[str, PlaceholderValue], around: str = ""
    ) -> str:
        locale = self.page.locale if block.lang == self.page.locale.tag else self.page.source
        given = {name: self._value(what, locale) for name, what in values.items()} | self.numbers
        given |= {name: Value(f"{{{name}}}", "ltr") for name in self._lacking(block, "placeholder", given)}
        text = self._write(block, block.text, given, locale)
        if block.english:
            text += " " + self.writer.foreign(
                self._write(block, block.english, given, self.page.source), "beside"
            )
        said = text if block.lang == language else self.writer.foreign(text, "instead")
        said = f"{around[:1]}{said}{around[1:]}"
        return f'<span data-block="{block.id}">{said}</span>' if self.marked else said

    def _value(self, what: PlaceholderValue, locale: Locale) -> Value:
        """Return what is put into a text of a locale; a message in the language of that text, if it has been translated."""
        if not isinstance(what, Block):
            return in_words(what, locale)
        own = what if what.lang == locale.tag else self.twins[what.id]
        return Value(own.text, locale.direction if own.lang == locale.tag else self.page.source.direction)

    def _write(self, block: Block, text: str, given: Mapping[str, Value], locale: Locale) -> str:
        """Return a text of a block as the writer writes it."""
        marks = self._marks(locale.tag)
        lacking = {name: CitationMark(0, f"@{name}") for name in self._lacking(block, "citation", marks)}
        marks = {**marks, **lacking} if lacking else marks
        return write_message(text, self.writer, given, marks, locale.line_ends)

    def _lacking(
        self, block: Block, kind: Literal["placeholder", "citation"], given: Iterable[str]
    ) -> list[str]:
        """Return what a block names and nothing fills, and note it. Raises SourceError where nobody takes notes."""
        named = markup.found(block.text, kind) + markup.found(block.english, kind)
        if not named:
            return []
        lacking = [name for name in dict.fromkeys(named) if name not in given]
        if not lacking:
            return lacking
        problems = [self._unfilled(block, kind, name) for name in lacking]
        if self.unfilled is None:
            refuse(problems)
        else:
            self.unfilled += problems
        return lacking

    def _unfilled(self, block: Block, kind: Literal["placeholder", "citation"], name: str) -> Problem:
        """Return the problem of a name in a block that nothing fills, in the file where it was written first."""
        twin = self.twins.get(block.id, block)
        in_source = block.lang == SOURCE_LANGUAGE or name in markup.found(twin.text, kind)
        file = source_file(block.id) if in_source else catalog_file(block.lang)
        written = f"{{{name}}}" if kind == "placeholder" else f"[@{name}]"
        what = f"nothing fills “{written}” here."
        fix = "Take it out, or write the name as the block had it before."
        return in_file(f"unknown-{kind}", file, what, fix, about=block.id)
