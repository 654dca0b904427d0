"""What a row says without a column for it → the values found in its other cells, in its section, caption and title.

A value is looked for in the places in the order in which they can be trusted, and taken from the first that has it.
Nothing is looked for that the table has a column for: an empty cell stays empty.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from kg.cells.common import info
from kg.cells.prose import Said, donor_in, product_in, routes_in, sources_in, topic
from kg.cells.read import CellReader
from kg.columns.kinds import column_concept
from kg.model import Column, Context, Record
from kg.parse.given import Course, course_given, donor_given, product_given, routes_given, sources_given
from kg.vocabulary.lexicon import Lexicon

SECTION = "section"
_MOST_TOPICS = 2  # a caption with more diseases speaks of the whole table, not of each of its rows
_GIVEN, _ARMS, _TITLE, _ABOUT, _TABLE, _USER = "given", "arms", "title", "about", "table", "settings"
# what the cells of a column speak of, by the name of its concept in the scheme "column"
_KINDS = {
    **dict.fromkeys(("cell-source", "product", "route", "dose", "frequency"), _GIVEN),
    "arms": _ARMS,
    **dict.fromkeys(("title", "objective"), _TITLE),
    **dict.fromkeys(("disease-stage", "patients"), _ABOUT),
}


@dataclass(frozen=True, slots=True)
class TableContext:
    """What is said of the whole table: its caption, the title of its article, and the disease that a user named."""

    caption: str = ""
    title: str = ""
    disease: str = ""


class _Place(NamedTuple):
    """Where a value may stand: its name for the record, its text, and what its words speak of."""

    name: str
    text: str
    kind: str


_Finder = Callable[[_Place, CellReader], Said[Any] | None]


def add_context(
    record: Record,
    columns: Sequence[Column],
    context: TableContext,
    reader: CellReader,
    but: Collection[str] = (),
) -> Record:
    """Return `record` with the values that only its context gives, each with a `Context` and a remark.

    `columns` are those of the record's cells, in their order, `but` are keys to leave alone. Frequency is taken only
    together with a dose.
    """
    known = {*but, *(key for column in columns for key in column.keys)}
    missing = [key for key in _FIELDS if _lacks(record, key, known)]
    places = [*_places(record, columns, context, reader.lexicon)] if missing else []
    for key in missing:
        found = ((place, _FINDERS[key](place, reader)) for place in places)
        first = next(((place, said) for place, said in found if said is not None), None)
        if first is not None:
            record = _with(record, key, *first)
    return record


def _lacks(record: Record, key: str, known: set[str]) -> bool:
    """Whether a value may come from the context: the product also where the cell of its source does not name it."""
    return getattr(record, _FIELDS[key]) is None and key not in known


# ---------------------------------------------------------------- places


def _places(
    record: Record, columns: Sequence[Column], context: TableContext, lexicon: Lexicon
) -> Iterator[_Place]:
    """Yield the places of a row's context, the most trusted first."""
    if context.disease:
        yield _Place("settings", context.disease, _USER)
    own = [(_kind(column, lexicon), cell) for column, cell in zip(columns, record.cells, strict=True)]
    for kind in (_GIVEN, _ARMS, _TITLE, _ABOUT, SECTION):
        yield from (_Place(cell.header, cell.text, kind) for its, cell in own if its == kind and cell.text)
    if context.caption:
        yield _Place("caption", context.caption, _TABLE)
    if context.title:
        yield _Place("title", context.title, _TABLE)


@lru_cache(maxsize=1024)
def _kind(column: Column, lexicon: Lexicon) -> str:
    if column.header.casefold() == SECTION:
        return SECTION
    name = column.key.replace("_", "-") or ("arms" if column.parts else "")
    concept = None if name else column_concept(column.header, lexicon)
    return _KINDS.get(concept.name if concept else name, "")


# ---------------------------------------------------------------- what stands in a place


def _disease(place: _Place, reader: CellReader) -> Said[Any] | None:
    if place.kind == _USER:
        reading = reader.read("disease", place.text)
        return Said(reading.value, place.text) if reading.value.concepts else None
    if place.kind in (_TITLE, _ABOUT):
        return topic(place.text, reader.lexicon)
    if place.kind in (SECTION, _TABLE):
        return topic(place.text, reader.lexicon, _MOST_TOPICS)
    return None


def _either(
    given: Callable[[str, CellReader], Said[Any] | None], told: Callable[[str, Lexicon], Said[Any] | None]
) -> _Finder:
    """Return a finder that reads arms with `given` and prose with `told`; in prose on a table one value only."""

    def find(place: _Place, reader: CellReader) -> Said[Any] | None:
        if place.kind in (_GIVEN, _ARMS):
            return given(place.text, reader)
        said = told(place.text, reader.lexicon) if place.kind in (_TITLE, SECTION, _TABLE) else None
        several = said is not None and len(getattr(said.value, "concepts", ())) > 1
        return None if several and place.kind != _TITLE else said

    return find


def _course(place: _Place, reader: CellReader) -> Said[Course] | None:
    return course_given(place.text, reader) if place.kind in (_GIVEN, _ARMS, _TITLE, SECTION) else None


_FINDERS: dict[str, _Finder] = {
    "disease": _disease,
    "cell_source": _either(sources_given, sources_in),
    "donor": _either(donor_given, donor_in),
    "product": _either(product_given, product_in),
    "route": _either(routes_given, routes_in),
    "dose": _course,
}
_FIELDS = {
    "disease": "diseases",
    "cell_source": "cell_sources",
    "donor": "donor",
    "product": "product",
    "route": "routes",
    "dose": "doses",
}


# ---------------------------------------------------------------- what is made of it


def _with(record: Record, key: str, place: _Place, said: Said[Any]) -> Record:
    if key != "dose":
        return _noted(replace(record, **{_FIELDS[key]: said.value}), key, place, said.words)
    course: Course = said.value
    record = _noted(replace(record, doses=course.doses), key, place, said.words)
    if course.schedule is None or record.schedule is not None or record.cell("frequency") is not None:
        return record
    return _noted(replace(record, schedule=course.schedule), "frequency", place, course.times)


def _noted(record: Record, key: str, place: _Place, words: str) -> Record:
    """Return `record` with the remark that a value was found where no column says it."""
    name = key.replace("_", " ")
    message = f"no column says the {name}; {words!r} stands under {place.name!r}"
    if place.name in ("caption", "title"):
        message = f"no column says the {name}; {words!r} stands in the table's {place.name}"
    remark = info(f"{key.replace('_', '-')}-from-context", key, message, words)
    context = (*record.context, Context(key, place.name, words, place.kind == _GIVEN))
    return replace(record, context=context, findings=(*record.findings, remark))
