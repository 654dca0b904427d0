"""What an HTML page shows, as plain values: sections of lines, each a property with its values."""

from __future__ import annotations

from dataclasses import dataclass

from kg.serve.views.labels import Name


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a statement: its text, and where it leads.

    `said` marks words of a source; `outside` a link that leaves this server; `note` is a language tag, a
    datatype or a kind; `power` the number as a mantissa and a power of ten; `inner` what a blank node says.
    """

    text: str
    href: str = ""
    said: bool = False
    outside: bool = False
    note: str = ""
    power: tuple[str, int] | None = None
    inner: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A property and its values; `more` are values that are not shown, `note` says more about the property."""

    label: str
    iri: str
    href: str
    values: tuple[Value, ...]
    more: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What is said of one thing; `anchor` is the part of its IRI after #, `why` its tie to the page's thing.

    `reading` is what its words were read as.
    """

    iri: str
    name: Name
    kinds: tuple[Value, ...]
    lines: tuple[Line, ...]
    href: str = ""
    anchor: str = ""
    why: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The page of a thing: itself, its parts, the trail to its source, and what points to it.

    `pointing` is the number of statements that do, with a plus sign where they were too many to count.
    """

    thing: Section
    parts: tuple[Section, ...]
    trail: tuple[Value, ...]
    inverse: tuple[Line, ...]
    pointing: str
    forms: tuple[Value, ...]
