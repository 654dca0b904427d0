"""Lines with pipes or drawn borders → rows of cells, with rows put together that stand on several lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.readers.separated import RawRow
from kg.readers.surroundings import find_label
from kg.vocabulary.text import squeeze

_DRAWN = str.maketrans(dict.fromkeys("│┃║┆┊╎｜❘¦", "|"))
# a cell of a border: strokes with or without the colons by which Markdown aligns a column
_STROKES = re.compile(r":?[-–—─━═┄┈╌=]{2,}:?|:-|-:|:-:")
_CORNERS = re.compile(r"[|+┼╋╬├┤┬┴┌┐└┘╞╡╤╧╪╟╢╔╗╚╝╠╣╦╩┏┓┗┛┣┫┳┻╭╮╰╯\s]+")
_PIPE = re.compile(r"(?<!\\)\|")
_MARKS = re.compile(r"^[#>*_\s]+")  # by which Markdown marks a heading, a quotation, strong words
_MOST_LINES = 20  # of one row
_BREAK = re.compile(r"<br\s*/?>|&nbsp;", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_|]{1,200})(?<=\S)\1(?![\w*])")
_LINK = re.compile(r"(?<!\\)\[((?:[^\[\]\\]|\\.){1,300})\]\((?:https?://|#|/)[^()\s]*\)")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_RAISED = re.compile(r"<sup>\s*([-–−+]?\d+)\s*</sup>|\^([-–−+]?\d+)\^", re.IGNORECASE)
_SUPERSCRIPT = str.maketrans("0123456789+-–−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line cut at its pipes, the texts at its ends included; `last` is the line that its row ends on."""

    number: int
    last: int
    text: str
    pieces: tuple[str, ...]

    @property
    def closed(self) -> bool:
        return self.text.rstrip().endswith("|")

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class _Style:
    """How most rows are written: with a pipe before and behind, and into how many pieces pipes cut them."""

    before: bool
    behind: bool
    pieces: int


def has_pipes(text: str) -> bool:
    """Return whether two lines of `text` have pipes, drawn ones too."""
    return sum("|" in line for line in text.translate(_DRAWN).split("\n")) > 1


def split_piped(lines: Sequence[str]) -> Iterator[list[RawRow]]:
    """Yield the rows of each part of a text: a line without pipes is one cell, borders are left out.

    A part begins at a label such as "Table 2" and at a row over a line of dashes, with the heading above it. Pipes at a
    row's ends are borders where most rows have them, else they are blank cells. `\\|` is a pipe in a cell. Inside drawn
    borders, and where a row lacks cells, the lines of one row are put together.
    """
    cut = [_cut(number, line.translate(_DRAWN)) for number, line in enumerate(lines, 1)]
    borders = set(_borders(cut))
    starts = [0, *sorted(_starts(cut, borders))]
    for start, end in zip(starts, [*starts[1:], len(cut)], strict=True):
        if start < end:
            yield list(_part(cut[start:end], {at - start for at in borders if start <= at < end}))


def _starts(lines: Sequence[_Line], borders: set[int]) -> Iterator[int]:
    """Yield where parts of the text begin, but for the first one; the same place may come twice."""
    heading, table, label, head = 0, 0, "", ""  # of what stands above: the last places, the last texts
    for at, line in enumerate(lines):
        if len(line.pieces) > 1 and at not in borders:
            above = at - 1 - (at - 1 in borders)
            if at + 1 in borders and above > table:
                if table and (heading > table or line.text != head):
                    yield heading if heading > table else _paragraph(lines, above + 1)
                head = line.text
            table = at
        elif line.text.lstrip().startswith("#"):
            heading = at
        elif len(line.pieces) < 3 and (found := find_label(_MARKS.sub("", line.text))):
            if label and found != label:
                yield at
            heading, label = (heading if found == label else at), found


def _paragraph(lines: Sequence[_Line], at: int) -> int:
    while at and not lines[at - 1].blank and len(lines[at - 1].pieces) == 1:
        at -= 1
    return at


def _part(cut: Sequence[_Line], borders: set[int]) -> Iterator[RawRow]:
    """Yield the rows of a part of the text that holds one table at most; `borders` are the positions of its borders."""
    rows = [line for at, line in enumerate(cut) if at not in borders]
    style = _style_of([line for line in rows if len(line.pieces) > 1])
    if len(borders) > 3 and _is_boxed(cut, borders):
        rows = [_stacked(group) for group in _groups(cut, borders)]
    elif borders:
        rows = list(_continued(rows))
    for row in _mended(rows, style):
        cells = tuple(_text(piece, marked=bool(borders)) for piece in _stripped(row, style))
        text = row.text if len(row.pieces) > 1 else cells[0]
        yield RawRow(row.number, row.last, cells, text, joined=row.last > row.number)


def _cut(number: int, line: str) -> _Line:
    pieces = tuple(_PIPE.split(line.strip())) if "|" in line else (line,)
    return _Line(number, number, line, pieces)


def _borders(lines: Sequence[_Line]) -> Iterator[int]:
    """Yield the positions of the lines that are borders; a lone dash is one only right under the first row."""
    piped = 0
    for at, line in enumerate(lines):
        cells = [text for text in map(str.strip, _CORNERS.sub("|", line.text).split("|")) if text]
        lone = piped == 1 and len(cells) > 1 and set(cells) == {"-"}
        if lone or (cells and all(_STROKES.fullmatch(cell) for cell in cells)):
            yield at
        piped += len(line.pieces) > 2


def _style_of(piped: Sequence[_Line]) -> _Style:
    if not piped:
        return _Style(before=False, behind=False, pieces=1)
    pieces, _ = Counter(len(line.pieces) for line in piped).most_common(1)[0]
    before = sum(line.text.lstrip().startswith("|") for line in piped)
    behind = sum(line.closed for line in piped)
    return _Style(2 * before > len(piped), 2 * behind > len(piped), pieces)


def _groups(lines: Sequence[_Line], borders: set[int]) -> Iterator[list[_Line]]:
    """Yield the lines between two borders together, and each line outside of the borders alone."""
    group: list[_Line] = []
    for at, line in enumerate(lines):
        inside = len(line.pieces) > 1 and at not in borders
        if group and not inside:
            yield group
            group = []
        if inside:
            group.append(line)
        elif at not in borders:
            yield [line]
    if group:
        yield group


def _is_boxed(lines: Sequence[_Line], borders: set[int]) -> bool:
    """Whether borders stand between all rows: no second line between two borders has all its cells filled."""
    seconds = (line for group in _groups(lines, borders) for line in group[1:])
    return not any(all(map(str.strip, line.pieces[1:-1])) for line in seconds)


def _stacked(group: Sequence[_Line]) -> _Line:
    """Return lines as one, cell under cell."""
    if len(group) == 1:
        return group[0]
    width = max(len(line.pieces) for line in group)
    columns = [[line.pieces[p].strip() for line in group if p < len(line.pieces)] for p in range(width)]
    pieces = tuple(" ".join(filter(None, texts)) for texts in columns)
    text = "\n".join(line.text for line in group)
    return _Line(group[0].number, group[-1].last, text, pieces)


def _continued(rows: Sequence[_Line]) -> Iterator[_Line]:
    """Yield the rows of a listing as a database prints it: a plus at the end of a cell says that it goes on below."""
    group: list[_Line] = []
    for row in rows:
        group.append(row)
        goes_on = len(row.pieces) > 1 and any(piece.endswith("+") for piece in row.pieces[:-1])
        if not goes_on or len(group) == _MOST_LINES:
            yield _stacked([_without_plus(line) for line in group]) if len(group) > 1 else row
            group = []
    yield from group


def _without_plus(line: _Line) -> _Line:
    pieces = tuple(piece.removesuffix("+") for piece in line.pieces)
    return _Line(line.number, line.last, line.text, pieces)


def _mended(rows: Sequence[_Line], style: _Style) -> Iterator[_Line]:
    """Yield the rows, those put together whose lines have only together as many pieces as most rows."""
    at = 0
    while at < len(rows):
        end = _end(rows, at, style)
        yield _joined(rows[at:end]) if end > at + 1 else rows[at]
        at = end


def _end(rows: Sequence[_Line], at: int, style: _Style) -> int:
    """Return the end of the lines of the row that begins at `at`."""
    pieces = len(rows[at].pieces)
    if pieces < 2 or pieces > style.pieces or (style.behind and rows[at].closed):
        return at + 1
    if pieces == style.pieces:
        return at + 1 + int(_goes_on(rows, at + 1))
    for end in range(at + 1, min(at + _MOST_LINES, len(rows))):
        pieces += len(rows[end].pieces) - 1
        if pieces >= style.pieces:
            return end + 1 if pieces == style.pieces else at + 1
        if rows[end].blank and not rows[end - 1].text.strip():
            break
    return at + 1


def _goes_on(rows: Sequence[_Line], at: int) -> bool:
    """Whether a line without pipes goes on with the last cell above it: it begins small, and rows follow."""
    if at + 1 >= len(rows) or len(rows[at].pieces) > 1 or len(rows[at + 1].pieces) < 2:
        return False
    return rows[at].text.strip()[:1].islower()


def _joined(lines: Sequence[_Line]) -> _Line:
    pieces = lines[0].pieces
    for line in lines[1:]:
        pieces = (*pieces[:-1], f"{pieces[-1]} {line.pieces[0]}", *line.pieces[1:])
    return _Line(lines[0].number, lines[-1].last, "\n".join(line.text for line in lines), pieces)


def _stripped(row: _Line, style: _Style) -> Sequence[str]:
    """Return the cells of a row: its pieces without those outside of the borders at its ends."""
    pieces = row.pieces
    if len(pieces) < 2:
        return pieces
    width = style.pieces - style.before - style.behind
    if not pieces[0].strip() and (style.before or len(pieces) - style.behind > width):
        pieces = pieces[1:]
    if pieces and not pieces[-1].strip() and (style.behind or len(pieces) > width):
        pieces = pieces[:-1]
    return pieces


def _text(piece: str, *, marked: bool) -> str:
    """Return a cell as a reader sees it; the marks of Markdown are only looked for in a text with lines of dashes."""
    if not marked:
        return squeeze(piece.replace("\\|", "|"))
    text = _HEADING.sub("", _BREAK.sub(" ", piece))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", _LINK.sub(r"\1", text)))
    text = _RAISED.sub(lambda found: (found[1] or found[2]).translate(_SUPERSCRIPT), text)
    return squeeze(_ESCAPED.sub(r"\1", text))
