"""What each YAML file that people write may hold: the one table that its reader and its JSON Schema are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handouts.model import LAYOUTS, PAPERS
from handouts.sources.frame import CITATION, DESK, INTERFACE
from handouts.sources.look import COLOUR
from handouts.sources.shapes import Either, Flag, Keys, Lines, Named, Number, OneOf, Several, Shape, Text

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
PHONE = re.compile(r"\+?[0-9][0-9 ]*[0-9]|[0-9]")
# The address of a gallery: no query and no fragment, so that nothing about a person can be in it, and short enough for a
# code that a phone reads from paper.
SITE = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?")
# A web address with its scheme, or a domain without it, as people leave it out.
ADDRESS = re.compile(r"https://[^\s<>\"']+|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(/\S*)?")
LOGO = re.compile(r"[^./\\][^/\\]*\.([sS][vV][gG]|[pP][nN][gG]|[jJ][pP][eE]?[gG])")
BLOCK_KINDS = ("paragraph", "item", "step", "tick", "card", "field")
INSERTS = ("", "access", "links", "references", "findings")
LINE_KINDS = ("crisis", "emergency", "interpreter")
MOST_LINES = 12  # to write on in one field, about half a page
LONGEST_NOTE = 300  # characters of a clinic's own note: about four lines
LONGEST_SITE = 80

NAME = Text(
    "A short name in small letters a-z, digits and hyphens. It stays as it is once texts are translated.", ID
)
WHEN = Text("A year and a month, as in 2026-11.", MONTH)
WITHOUT_HTML = re.compile("[^<&]+")
HTTPS = re.compile("https://.*")
BLOCK_KEYS: Mapping[str, Shape] = {
    "note": Text("What a translator should know. It is not printed."),
    "kind": OneOf(BLOCK_KINDS, "What it is on the page; a paragraph unless said."),
    "safety": Flag(
        "Whether a mistake in it could harm a reader: a changed number in a translation is then an error."
    ),
    "icon": Text("The name of a drawing in content/pictures."),
    "limit": Number("The most characters there is room for."),
    "never": Several(Text(), "Words that would claim what no source supports."),
    "from": Lines("What it rests on: reference ids, web addresses, seed, or nothing."),
    "lines": Number("How many lines there are to write on, in a field.", MOST_LINES),
}
TEXT = Text(
    "The English text. **strong**, *emphasis*, [words](https://…), {placeholder}, [@reference].", WITHOUT_HTML
)
# A text by itself, or with what is to be known of it.
BLOCK = Keys({"text": TEXT}, BLOCK_KEYS)
MESSAGE = Either((TEXT, BLOCK))
LISTED_BLOCK = Keys({"id": NAME, "text": TEXT}, BLOCK_KEYS)

SECTION = Keys(
    {"id": NAME, "heading": MESSAGE, "blocks": Several(LISTED_BLOCK)},
    {
        "insert": OneOf(INSERTS, "What of the region or the references follows."),
        "sources": Several(Text(), "The ids of the references that are listed here."),
        "picture": Text("The name of a picture of content/pictures/pictures.yaml."),
    },
)
HANDOUT_HEADS = ("owner", "series", "title", "subtitle", "lead")
HANDOUT = Keys(
    {
        "edition": WHEN,
        "review-by": WHEN,
        **dict.fromkeys(HANDOUT_HEADS, MESSAGE),
        "summary": SECTION,
        "sections": Several(SECTION),
    },
    {
        "replaces": Text("The edition before this one, as in 2026-05, where there was one.", MONTH),
        "findings": Named(MESSAGE, "What each reference found, in one sentence, by its id."),
    },
    "A handout: the English text on one topic.",
)

LINE = Keys(
    {
        "id": NAME,
        "name": MESSAGE,
        "about": MESSAGE,
        "source": Text("The published page that it was read on.", HTTPS),
        "read": WHEN,
    },
    {
        "kind": OneOf(LINE_KINDS, "What the line is for; a crisis line unless said."),
        "call": Text("The number to call, in digits and in quotes.", PHONE),
        "text": Text("The number for text messages, in digits and in quotes.", PHONE),
        "how": MESSAGE,
        "dated": WHEN,
    },
    either=("call", "text"),
)
LINK = Keys({"id": NAME, "name": MESSAGE, "url": Text("A web address.", HTTPS), "read": WHEN})
REGION = Keys(
    {
        "name": MESSAGE,
        "paper": OneOf(PAPERS),
        "access": Several(LISTED_BLOCK, "How to get the therapy there."),
        "lines": Several(
            LINE, "The help lines; one of them is of the kind emergency, with a number to call."
        ),
        "links": Several(LINK),
    },
    about="A health system: access, help lines, links, paper.",
)

CLINIC = Keys(
    {
        "name": Text("The clinic's name, as it is printed on top of every handout."),
        "region": Text("The region whose help lines it prints, by code or name: a file in content/regions."),
    },
    {
        "phone": Lines("The clinic's phone number. Several: one a line, each after “- ”."),
        "booking": Text("How to book: a phone number or a web address."),
        "address": Lines("Where the clinic is. Several lines: one a line, each after “- ”."),
        "web": Text("The clinic's web address.", ADDRESS),
        "hours": Text("When the clinic is open, as in Mon–Fri 9:00–17:00."),
        "logo": Text("A .svg, .png or .jpg file beside this one: its name alone.", LOGO),
        "accent": Text("The clinic's colour, dark enough to be read on paper.", COLOUR),
        "site": Text(
            "The public https address of the clinic's gallery: where its first index.html is to be found. A code on"
            " the first page leads there.",
            SITE,
            LONGEST_SITE,
        ),
        "languages": Several(
            Text(), "The languages that the clinic offers, by tag or name; all unless said.", least=1
        ),
        "handouts": Several(Text("", ID), "The handouts that the clinic offers; all unless said.", least=1),
        "layout": OneOf(LAYOUTS, "The layout to begin with; standard unless said."),
        "notes": Named(
            Text("", longest=LONGEST_NOTE),
            "A note of the clinic's own, by language: plain text, no phone numbers and no web addresses. It is marked as"
            " the clinic's own words, and nobody translates or signs it.",
        ),
    },
    "A clinic's profile: what its handouts say on top, and what it offers.",
)
PICTURE = Keys({"alternative": MESSAGE, "caption": MESSAGE, "labels": Named(MESSAGE)})
PICTURES = Named(
    PICTURE,
    "The words in and about each picture; the drawing is in the .svg file of the same name.",
)
TERM = Keys(
    {
        "note": Text("What is meant."),
        "stems": Named(Several(Text()), "How each locale begins its words for it."),
    },
    {
        "english": Several(Text(), "Other English words for it."),
        "except": Several(Text(), "English words that begin like it and are none."),
        "claim": Flag("It may not stand where a block of the English says so."),
        "telling": Flag("It may not stand in what a list of mail shows."),
    },
)
INTERFACE_MESSAGES = Keys(
    dict.fromkeys(INTERFACE, MESSAGE), about="The words of the frame around every handout."
)
DESK_MESSAGES = Keys(dict.fromkeys(DESK, MESSAGE), about="The words of the front desk.")
CITATION_PATTERNS = Keys(dict.fromkeys(CITATION, MESSAGE), about="How a reference is written.")
GLOSSARY = Named(TERM, "Terms that must not wander.")
# By the name of the schema: where the files are that people write, and what each holds.
WRITTEN: Mapping[str, tuple[str, Shape]] = {
    "handout": ("content/handouts/*.yaml", HANDOUT),
    "region": ("content/regions/*.yaml", REGION),
    "clinic": ("content/clinics/*.yaml", CLINIC),
    "pictures": ("content/pictures/pictures.yaml", PICTURES),
    "interface": ("content/interface.yaml", INTERFACE_MESSAGES),
    "desk": ("content/desk.yaml", DESK_MESSAGES),
    "citations": ("content/citations.yaml", CITATION_PATTERNS),
    "glossary": ("locales/glossary.yaml", GLOSSARY),
}
