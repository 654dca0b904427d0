"""The parts of a workbook (OOXML) → its sheets, with the text that each cell shows and where it stands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.readers.archive import Archive
from kg.readers.clean import clean
from kg.readers.markup.pieces import Piece, mark_names, read_pieces
from kg.readers.number_format import Shown, show_date, show_number
from kg.readers.safe_xml import elements, local, root_tag, tree

if TYPE_CHECKING:
    from lxml.etree import _Element

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how the format writes characters that XML cannot hold
_NO_DATE = Shown("#VALUE!")
_SIGNS = "*†‡§¶#"  # notes often begin with one that is not raised
_MOST_COLUMNS = 16_384
_MOST_ROWS = 1_048_576

Place = tuple[int, int]  # row and column, from 1
Area = tuple[int, int, int, int]  # first row, first column, last row, last column
Rich = tuple[Piece, ...]  # a text with raised characters


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook: its name, its part in the archive, whether the program hides it."""

    name: str
    part: str
    hidden: bool = False


@dataclass(slots=True)
class SheetCells:
    """What one sheet holds: the texts of the cells that have one, merged areas, and what deserves a remark."""

    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    formatted: dict[Place, Rich] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    short_dates: list[tuple[Place, str]] = field(default_factory=list)
    not_computed: list[Place] = field(default_factory=list)


class Workbook:
    """The workbook in an archive: its sheets in their order, read one by one."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._part = next(name for name in archive.names if is_workbook(name))

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The sheets with cells, also hidden ones; raises SourceError when the workbook is damaged."""
        targets = self._targets
        found = []
        for element in self._tree.iter("{*}sheet"):
            part = targets.get(element.get(_RELATION) or element.get(_STRICT) or "", "")
            if part in self._archive.names and "chartsheet" not in part and "dialogsheet" not in part:
                hidden = element.get("state", "visible") != "visible"
                found.append(Sheet(clean(element.get("name", "")), part, hidden))
        return tuple(found)

    def read(self, sheet: Sheet) -> SheetCells:
        """Return what stands in `sheet`; raises SourceError when its part is damaged."""
        where = f"{self._archive.name}, sheet {sheet.name!r}"
        data = self._archive.read(sheet.part)
        space = root_tag(where, data).rpartition("}")[0]
        prefix = f"{space}}}" if space else ""
        cells = SheetCells()
        number = 0
        try:
            for element in elements(where, data, [f"{prefix}{name}" for name in ("row", "col", "mergeCell")]):
                match local(element):
                    case "row":
                        number = int(element.get("r") or number + 1)
                        self._row(element, number, cells)
                    case "col" if element.get("hidden") in ("1", "true"):
                        cells.hidden_columns += _columns(element)
                    case "mergeCell":
                        cells.merged += _area(element.get("ref", ""))
        except (ValueError, IndexError, OverflowError) as error:
            raise SourceError(
                f"row {number} or what follows it is damaged: {error}",
                where=where,
                hint="open and save it again, or save the sheet as CSV (UTF-8)",
            ) from error
        _settle(cells)
        return cells

    def _row(self, element: _Element, number: int, cells: SheetCells) -> None:
        if not 0 < number <= _MOST_ROWS:
            raise ValueError(f"there is no row {number}")
        if element.get("hidden") in ("1", "true"):
            cells.hidden_rows.append(number)
        column = 0
        texts: dict[int, str] = {}
        for cell in element.iterchildren("{*}c"):
            column = _column(cell.get("r", "")) or column + 1
            shown = self._shown(cell)
            if shown is None:
                cells.not_computed.append((number, column))
            elif isinstance(shown, tuple) and not isinstance(shown, Shown):
                cells.formatted[number, column] = shown
            elif shown.text:
                texts[column] = shown.text
                if shown.short_date:
                    cells.short_dates.append(((number, column), shown.text))
        if texts:
            cells.texts.setdefault(number, {}).update(texts)

    def _shown(self, cell: _Element) -> Shown | Rich | None:
        """Return what a cell shows; None for a formula without the value that it had when it was saved."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return next((_string(part) for part in cell.iterchildren("{*}is")), Shown(""))
        value = cell.findtext("{*}v")
        if value is None or not value.strip():
            return None if cell.find("{*}f") is not None else Shown("")
        if kind == "s":
            return self._strings[int(value)]
        if kind == "b":
            return Shown("TRUE" if value.strip() in ("1", "true") else "FALSE")
        if kind == "d":
            return Shown(clean(value).removesuffix("T00:00:00"))
        return (
            self._number(value, int(cell.get("s") or 0)) if kind == "n" else Shown(clean(_unescaped(value)))
        )

    def _number(self, value: str, style: int) -> Shown:
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format
        from openpyxl.utils.datetime import from_excel

        code = self._formats[style] if 0 <= style < len(self._formats) else "General"
        if not is_date_format(code):
            return Shown(show_number(float(value), code))
        try:
            moment = from_excel(float(value), self._epoch, timedelta=is_timedelta_format(code))
        except (OverflowError, ValueError):
            return _NO_DATE
        return _NO_DATE if moment is None else show_date(moment, code)

    @cached_property
    def _tree(self) -> _Element:
        return tree(f"{self._archive.name}, {self._part}", self._archive.read(self._part))

    @cached_property
    def _epoch(self) -> datetime:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

        properties = self._tree.find("{*}workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        return MAC_EPOCH if since_1904 else WINDOWS_EPOCH

    @cached_property
    def _targets(self) -> Mapping[str, str]:
        """The parts of the archive by the identifiers under which the workbook names them; none outside it."""
        folder, name = posixpath.split(self._part)
        part = posixpath.join(folder, "_rels", f"{name}.rels")
        relations = tree(f"{self._archive.name}, {part}", self._archive.read(part))
        found = {}
        for relation in relations.iterchildren("{*}Relationship"):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[relation.get("Id", "")] = posixpath.normpath(path)
        return found

    def _beside(self, ending: str) -> bytes | None:
        """Return a part that the workbook names, by the end of its name."""
        parts = [part for part in self._targets.values() if part.lower().endswith(ending)]
        return self._archive.read(parts[0]) if parts and parts[0] in self._archive.names else None

    @cached_property
    def _strings(self) -> Sequence[Shown | Rich]:
        data = self._beside("sharedstrings.xml")
        if data is None:
            return ()
        where = f"{self._archive.name}, shared strings"
        space = root_tag(where, data).rpartition("}")[0]
        return [_string(item) for item in elements(where, data, [f"{space}}}si" if space else "si"])]

    @cached_property
    def _formats(self) -> Sequence[str]:
        """The number formats by the number of the cells' style."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        data = self._beside("styles.xml")
        if data is None:
            return ()
        styles = tree(f"{self._archive.name}, styles", data)
        codes = dict(BUILTIN_FORMATS)
        for element in styles.iter("{*}numFmt"):
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "General")
        used = [int(xf.get("numFmtId", "0")) for xf in styles.iterfind("{*}cellXfs/{*}xf")]
        return [codes.get(number, "General") for number in used]


def is_workbook(name: str) -> bool:
    """Whether a member of an archive is the main part of a workbook."""
    folder, _, file = name.rpartition("/")
    return (
        file.lower().startswith("workbook") and file.lower().endswith(".xml") and folder.lower() in ("xl", "")
    )


def _string(item: _Element) -> Shown | Rich:
    """Return a string; readings of Asian characters are left out."""
    pieces: list[Piece] = []
    for part in item.iterchildren("{*}t", "{*}r"):
        if local(part) == "t":
            pieces.append(Piece(_unescaped(part.text or "")))
            continue
        aligned = part.find("{*}rPr/{*}vertAlign")
        up = aligned is not None and aligned.get("val") == "superscript"
        pieces.append(Piece(_unescaped("".join(t.text or "" for t in part.iterchildren("{*}t"))), up))
    if any(piece.raised for piece in pieces):
        return tuple(pieces)
    return Shown(clean("".join(piece.text for piece in pieces)))


def _settle(cells: SheetCells) -> None:
    """Write out the texts with raised characters, now that all notes of the sheet are known."""
    marks = {mark for pieces in cells.formatted.values() for mark in _note_marks(pieces)}
    for row in cells.texts.values():
        marks.update(mark for text in row.values() if text[0] in _SIGNS for mark in mark_names(text[0]))
    for (row_number, column), pieces in cells.formatted.items():
        text = clean(read_pieces(pieces, marks)[0])
        if text:
            cells.texts.setdefault(row_number, {})[column] = text


def _note_marks(pieces: Rich) -> tuple[str, ...]:
    """Return the marks with which a note begins: "ᵃ mean of two arms"."""
    told = next((piece for piece in pieces if piece.text.strip()), None)
    if told is None or not told.raised or not told.text.strip().isalpha():
        return ()
    return mark_names(told.text.strip())


def _unescaped(value: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


def _column(place: str) -> int:
    """Return the column's number of a place such as "AB12", 0 when it names none."""
    match = _PLACE.fullmatch(place)
    if match is None:
        return 0
    number = 0
    for letter in match[1].upper():
        number = 26 * number + ord(letter) - 64
    return number


def _columns(element: _Element) -> Iterator[int]:
    first, last = int(element.get("min", "1")), int(element.get("max", "1"))
    return iter(range(first, min(last, _MOST_COLUMNS) + 1))


def _area(ref: str) -> Iterator[Area]:
    first, _, last = ref.partition(":")
    ends = _PLACE.fullmatch(first), _PLACE.fullmatch(last)
    if ends[0] and ends[1]:
        yield int(ends[0][2]), _column(first), int(ends[1][2]), _column(last)
