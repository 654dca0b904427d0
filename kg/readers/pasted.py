"""Text of a web page as a browser copies it, borders lost → tables whose lines are still uncut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from kg.errors import shorten
from kg.model import Finding, Line, Severity, Table
from kg.readers.base import Source
from kg.readers.document import Document
from kg.readers.glued import loosened
from kg.readers.header import LEAST_COLUMNS, Score, best_header, is_markup, no_rows, score_line
from kg.readers.surroundings import (
    Preamble,
    find_label,
    is_navigation,
    left_out,
    looks_like_legend,
    looks_like_note,
    read_preamble,
)
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.text import squeeze

_BORDERS = "|\t"
_CASE = re.compile(r"[a-z)][A-Z]")
_FORM = re.compile(r"(?=\S*[A-Z])[^\W\d_][\w+/.'’-]{0,14}\s?[:=]\s?\S.*")
_LEAST_ROWS = 2  # lines between two headers of different tables
_MOSTLY = 0.9  # of a line's letters, for it to be more of the header above it
_LONGEST_HEADER = 600  # characters


@dataclass(frozen=True, slots=True)
class PastedReader:
    """Lines without borders under a header line; rows are cut later, by what the cells look like."""

    name: str = "text pasted from a page"

    def fits(self, document: Document, lexicon: Lexicon) -> bool:
        """Return whether a line is a header without borders; mark-up is not pasted text."""
        if is_markup(document.head):
            return False
        return any(score.is_header for _, score in _scores(_lines(document.text), lexicon))

    def read(self, document: Document, lexicon: Lexicon) -> Sequence[Table]:
        """Return one table for every header line that stands under a label of its own."""
        lines = _lines(document.text)
        scores = dict(_scores(lines, lexicon))
        labelled = list(_starts(lines, scores))
        starts = sorted({*labelled, *_unlabelled(lines, scores, labelled), len(lines)})
        top = next(index for index, score in scores.items() if score.is_header)
        page = read_preamble([line.text for line in lines[:top]])
        return tuple(_table(document.source, lines[a:b], scores, a, page) for a, b in pairwise(starts))


@dataclass(frozen=True, slots=True)
class _Body:
    rows: tuple[Line, ...]
    legend: tuple[Line, ...]
    after: tuple[Line, ...]
    repeated: tuple[Line, ...]
    page: tuple[Line, ...]


def _lines(text: str) -> list[Line]:
    return [Line(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def _scores(lines: Sequence[Line], lexicon: Lexicon) -> Iterator[tuple[int, Score]]:
    for index, line in enumerate(lines):
        if sum(map(line.text.count, _BORDERS)) < 2:
            yield index, _score(line.text, lexicon)


def _score(text: str, lexicon: Lexicon) -> Score:
    """Return how much a line looks like a header, also when its words have grown together."""
    found = score_line(text, lexicon)
    if found.is_header or len(_CASE.findall(text)) < LEAST_COLUMNS:
        return found
    loose = loosened(text, lexicon) if len(text) <= _LONGEST_HEADER else text
    return max(found, score_line(loose, lexicon))


def _starts(lines: Sequence[Line], scores: dict[int, Score]) -> Iterator[int]:
    """Yield where each table's part of the page begins: at its label, the first one at the page's top."""
    yield 0
    headers = [index for index, score in scores.items() if score.is_header]
    labels = [index for index, line in enumerate(lines) if find_label(line.text)]
    seen = {find_label(lines[i].text) for i in labels if headers and i < headers[0]}
    for start, end in pairwise([*labels, len(lines)]):
        label = find_label(lines[start].text)
        if label not in seen and start > headers[0] and any(start < header < end for header in headers):
            seen.add(label)
            yield start


def _unlabelled(lines: Sequence[Line], scores: dict[int, Score], starts: Sequence[int]) -> Iterator[int]:
    """Yield the headers that begin a table without a label: unlike the one before, and rows stand between them."""
    headers = [index for index, score in scores.items() if score.is_header]
    for before, header in pairwise(headers):
        rows = header - before > _LEAST_ROWS and scores[header].columns > LEAST_COLUMNS
        rows = rows and not any(before < start <= header for start in starts)
        known = {squeeze(lines[at].text) for at in headers if at < header}
        if rows and squeeze(lines[header].text) not in known:
            yield header


def _table(
    source: Source, lines: Sequence[Line], scores: dict[int, Score], start: int, page: Preamble
) -> Table:
    """Return the table in `lines`, which begin at line `start` of a page whose top says `page`."""
    at = best_header((i, scores[start + i]) for i in range(len(lines)) if start + i in scores)
    assert at is not None, "a part of the page is only cut off where it has a header"  # noqa: S101
    header, wrapped = lines[at], _wrapped(lines, at, scores, start)
    preamble = read_preamble([line.text for line in lines[:at]])
    body = _body(lines[at + 1 + len(wrapped) :], header)
    if not body.rows:
        raise no_rows(source.name, header.text, header.number)
    return Table(
        source=source.name,
        sha256=sha256(source.data).hexdigest(),
        header_line=squeeze(" ".join(line.text for line in (header, *wrapped))),
        header_number=header.number,
        lines=body.rows,
        bordered=False,
        label=preamble.label,
        caption=preamble.caption,
        title=preamble.title or page.title,
        doi=preamble.doi or page.doi,
        legend="\n".join(line.text.strip() for line in body.legend),
        findings=(*preamble.findings, *_findings(body)),
    )


def _wrapped(lines: Sequence[Line], at: int, scores: dict[int, Score], start: int) -> Sequence[Line]:
    """Return the line below a header on which it goes on: it has no digits and is nothing but further columns."""
    below = lines[at + 1 : at + 2]
    score = scores.get(start + at + 1)
    if not below or score is None or below[0].number != lines[at].number + 1 or len(lines) < at + 4:
        return ()
    named = score.columns > 1 and score.covered > _MOSTLY and not any(map(str.isdigit, below[0].text))
    return below if named else ()


def _body(lines: Sequence[Line], header: Line) -> _Body:
    """Sort the lines under a header: rows, legend, text after it; a repeated header brings rows again."""
    kinds: dict[str, list[Line]] = {"row": [], "legend": [], "after": [], "repeated": [], "page": []}
    wanted = squeeze(header.text)
    ended = 0  # the last line of the legend so far
    for position, line in enumerate(lines):
        if squeeze(line.text) == wanted:
            kind, ended = "repeated", 0
        elif _is_continuation(lines, position, wanted):
            kind = "repeated"
        elif (
            looks_like_legend(line.text)
            or _explains_forms(lines, position)
            or (ended and _goes_on(line, ended))
        ):
            kind, ended = "legend", line.number
        elif is_navigation(line.text):
            kind = "page"
        else:
            kind = "after" if ended else "row"
        kinds[kind].append(line)
    return _Body(*(tuple(found) for found in kinds.values()))


def _explains_forms(lines: Sequence[Line], position: int) -> bool:
    """Whether a line behind a gap is nothing but short forms and what they mean, "T50: half-life; EF: ejection"."""
    line, before = lines[position], lines[position - 1 : position]
    if not before or line.number == before[0].number + 1:
        return False
    parts = squeeze(line.text).rstrip(".; ").split(";")
    return len(parts) > 1 and all(_FORM.fullmatch(part.strip()) for part in parts)


def _goes_on(line: Line, legend_end: int) -> bool:
    """Whether a line belongs to the legend above: the next line of the same paragraph, or a footnote."""
    return line.number == legend_end + 1 or looks_like_note(line.text)


def _is_continuation(lines: Sequence[Line], position: int, header: str) -> bool:
    """Whether a line is a label such as "Table 2. (continued)" right above the header printed again."""
    following = lines[position + 1 : position + 2]
    return bool(find_label(lines[position].text)) and any(squeeze(f.text) == header for f in following)


def _findings(body: _Body) -> Iterator[Finding]:
    for line in body.repeated:
        message = f"line {line.number} repeats the table's head and was left out"
        yield Finding(Severity.INFO, "header-repeated", "table", message, raw=shorten(line.text))
    yield from (left_out([line]) for line in body.page)
    if body.after:
        first, last = body.after[0], body.after[-1]
        yield Finding(
            Severity.WARNING,
            "text-after-table",
            "table",
            f"lines {first.number} to {last.number}, after the legend, were not read as rows",
            raw=shorten(first.text),
            hint="move them above the legend if they are rows, else remove them",
        )
