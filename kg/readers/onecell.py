"""Text of a page whose cells stand one on a line → tables that know their header and still lack their rows.

Some pages give every cell a paragraph of its own, and a browser copies them one below the other, the cells of
the header first. A blank line between two cells says nothing, more blank lines than usual may be an empty cell,
and a line with nothing but a hard blank is one. How many lines make a row only the cells can tell, later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from kg.errors import shorten
from kg.model import Finding, Line, Severity, Table
from kg.readers.base import Source
from kg.readers.document import Document
from kg.readers.header import is_markup, no_rows
from kg.readers.surroundings import Preamble, find_label, is_navigation, looks_like_legend, read_preamble
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.text import squeeze

LAYOUT = "text pasted one cell a line"
_LEAST_COLUMNS = (
    4  # different ones; three lines that happen to be such words are a menu or a list of headings
)
_LONGEST_HEADER = 60  # lines
_LONGEST_CELL = 120  # characters of a cell of the header
_GAP = 3  # lines in a row that no vocabulary knows, between two of a header
_COVERED = 0.7  # of a header's characters; "end-stage liver disease" has words of headers too
_LEAST_LINES = 3  # under a header


@dataclass(frozen=True, slots=True)
class OneCellReader:
    """Lines that hold one cell each, those of the header first; rows are made later, by what the cells look like."""

    name: str = LAYOUT

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether several lines on end are each the header of a column; mark-up is not pasted text."""
        if is_markup(document.head):
            return False
        return next(_headers(_lines(document.text), lexicon), None) is not None

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return one table for every header; a header printed again belongs to the table above."""
        lines = _lines(document.text)
        parts = list(_parts(lines, list(_headers(lines, lexicon))))
        page = read_preamble([line.text for line in lines[: parts[0].header]])
        return tuple(_table(document.source, lines, part, page) for part in parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """One table's part of a page: where it begins, its header, its first cell and its end; `repeated` are lines
    of headers printed again."""

    start: int
    header: int
    body: int
    end: int
    repeated: tuple[int, ...]


def _lines(text: str) -> list[Line]:
    """Return the lines that are cells or may be empty ones, which have the text ""."""
    found: list[tuple[int, str]] = []
    blanks: Counter[int] = Counter()
    raw = text.split("\n")
    hard = sum(bool(line) and not line.strip() for line in raw) * 2 < sum(not line.strip() for line in raw)
    run = 0
    for number, line in enumerate(raw, 1):
        if line.strip():
            blanks[run] += bool(found)
            found.append((number, line))
            run = 0
        elif line and hard:
            found.append((number, ""))
            run = 0
        else:
            run += 1
    usual = blanks.most_common(1)[0][0] if blanks else 0
    lines = list(_with_gaps(found, usual))
    if found and run > usual + 1:  # the last line end of a file makes no line
        lines.append(Line(found[-1][0] + 1, " "))
    return lines


def _with_gaps(found: Sequence[tuple[int, str]], usual: int) -> Iterator[Line]:
    """Yield the lines, and an empty one for each cell that may stand in a gap wider than usual."""
    before = 0
    for number, text in found:
        spare = number - before - 1 - usual if before else 0
        for nth in range(-(-spare // (usual + 1)) if spare > 0 else 0):
            yield Line(before + 1 + nth, " ")
        yield Line(number, text)
        before = number


def _headers(lines: Sequence[Line], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Yield the first and behind the last line of each run of lines that are headers of columns."""
    seen: dict[str, Concept | None] = {}
    at = 0
    while at < len(lines):
        end = _run(lines, at, lexicon, seen)
        if end:
            yield at, end
        at = end or at + 1


def _run(lines: Sequence[Line], start: int, lexicon: Lexicon, seen: dict[str, Concept | None]) -> int:
    """Return where the run of headers that begins at `start` ends, 0 when none begins there."""
    columns: set[Concept] = set()
    known = end = 0
    for at in range(start, min(len(lines), start + _LONGEST_HEADER)):
        text = squeeze(lines[at].text)
        if text not in seen:
            seen[text] = _column(text, lexicon)
        concept = seen[text]
        if concept is not None and concept not in columns:
            columns.add(concept)
            known, end = known + 1, at + 1
        elif concept is not None and at - end < _GAP:
            known += 1  # of two columns of one kind, or the first cell: "Phase 1"
        elif at == start or at - end >= _GAP or not _may_be_header(text):
            break
    enough = len(columns) >= _LEAST_COLUMNS and 2 * known >= end - start
    return end if enough else 0


def _column(text: str, lexicon: Lexicon) -> Concept | None:
    if not _may_be_header(text):
        return None
    found = lexicon.find("column", text)
    if found is not None:
        return found
    if lexicon.find("disease", text) is not None:
        return None  # "organ transplantation" has words of headers, and is the first cell
    matches = lexicon.scan("column", text)
    covered = sum(match.end - match.start for match in matches)
    return matches[0].concept if covered >= _COVERED * len(text) else None


def _may_be_header(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_CELL and any(map(str.isalpha, text)) and not find_label(text)


def _parts(lines: Sequence[Line], headers: Sequence[tuple[int, int]]) -> Iterator[_Part]:
    """Yield the parts of the page, each from its label on."""
    first = squeeze_all(lines, *headers[0])
    starts: list[tuple[int, int, int]] = [(0, *headers[0])]
    repeated: list[list[int]] = [[]]
    for (_, before), (start, end) in pairwise(headers):
        label = max((n for n in range(before, start) if find_label(lines[n].text)), default=start)
        if squeeze_all(lines, start, end) == first and (label == start or _continued(lines[label].text)):
            repeated[-1] += range(label, end)
            continue
        first = squeeze_all(lines, start, end)
        starts.append((label, start, end))
        repeated.append([])
    ends = [start for start, *_ in starts[1:]] + [len(lines)]
    for (start, header, body), end, again in zip(starts, ends, repeated, strict=True):
        yield _Part(start, header, body, end, tuple(again))


def squeeze_all(lines: Sequence[Line], start: int, end: int) -> tuple[str, ...]:
    """Return the texts of the lines `[start, end)`, white space folded, without empty ones."""
    return tuple(text for line in lines[start:end] if (text := squeeze(line.text)))


def _continued(text: str) -> bool:
    return "cont" in text.lower()


def _table(source: Source, lines: Sequence[Line], part: _Part, page: Preamble) -> Table:
    preamble = read_preamble([line.text for line in lines[part.start : part.header]])
    body = [lines[n] for n in range(part.body, part.end) if n not in part.repeated]
    rows, legend, after = _sorted(body)
    header = squeeze_all(lines, part.header, part.body)
    if sum(bool(line.text.strip()) for line in rows) < _LEAST_LINES:
        raise no_rows(source.name, " | ".join(header), lines[part.header].number)
    return Table(
        source=source.name,
        sha256=sha256(source.data).hexdigest(),
        header=header,
        header_number=lines[part.header].number,
        lines=rows,
        bordered=False,
        label=preamble.label,
        caption=preamble.caption,
        title=preamble.title or page.title,
        doi=preamble.doi or page.doi,
        legend="\n".join(line.text.strip() for line in legend),
        findings=(*preamble.findings, *_findings([lines[n] for n in part.repeated], after)),
        layout=LAYOUT,
    )


def _sorted(body: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines of the rows, those of the legend, and the text of the page after it."""
    ended = next((n for n, line in enumerate(body) if looks_like_legend(line.text)), len(body))
    rows, rest = body[:ended], [line for line in body[ended:] if line.text.strip()]
    cut = len(rows)
    for at in range(len(rows) - 1, -1, -1):
        if is_navigation(rows[at].text):
            cut = at
        elif rows[at].text.strip():
            break
    rest = [line for line in rows[cut:] if line.text.strip()] + rest
    legend = [line for line in rest if looks_like_legend(line.text)]
    return tuple(rows[:cut]), tuple(legend), tuple(line for line in rest if line not in legend)


def _findings(repeated: Sequence[Line], after: Sequence[Line]) -> Iterator[Finding]:
    info = Severity.INFO
    if repeated:
        message = f"line {repeated[0].number} and those below it repeat the table's head and were left out"
        yield Finding(info, "header-repeated", "table", message, raw=shorten(repeated[0].text))
    if after:
        message = (
            f"lines {after[0].number} to {after[-1].number}: text of the page, not of the table, was left out"
        )
        yield Finding(info, "page-text", "table", message, raw=shorten(after[0].text))
