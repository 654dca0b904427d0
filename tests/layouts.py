"""A header and rows → the same table in every layout that can be read, as the bytes of a source."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from html import escape

Row = Sequence[str]
RAISED = str.maketrans(
    {char: f"<sup>{plain}</sup>" for char, plain in zip("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789", strict=True)}
)


def _csv(delimiter: str, encoding: str = "utf-8", quoting: int = csv.QUOTE_MINIMAL) -> Callable[..., bytes]:
    def write(header: Row, rows: Sequence[Row]) -> bytes:
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter, quoting=quoting).writerows([header, *rows])  # type: ignore[arg-type]
        return buffer.getvalue().encode(encoding)

    return write


def _pipes(edge: str, lead: str = "") -> Callable[..., bytes]:
    def line(row: Row) -> str:
        cells = [cell.replace("|", r"\|") for cell in row]
        return f"{edge} {' | '.join(cells)} {edge}".strip()

    def write(header: Row, rows: Sequence[Row]) -> bytes:
        ruler = f"{edge}{'|'.join('---' for _ in header)}{edge}"
        return "\n".join([lead, line(header), ruler, *map(line, rows), ""]).encode()

    return write


def _markup(text: str) -> str:
    return escape(text).translate(RAISED)


def html(header: Row, rows: Sequence[Row]) -> bytes:
    """Return a saved web page with the table."""
    head = "".join(f"<th>{_markup(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{_markup(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>A review</title></head><body>
<nav><a href="/">Home</a></nav><p>Some text of the article.</p><table><thead><tr>{head}</tr></thead>
<tbody>{body}</tbody></table><footer>Bye</footer></body></html>""".encode()


def jats(header: Row, rows: Sequence[Row]) -> bytes:
    """Return an article in JATS with the table."""
    head = "".join(f"<th>{_markup(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{_markup(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"""<?xml version="1.0"?><article><body><sec><p>Words.</p><table-wrap id="t1"><label>Table 1</label><caption>
<p>Trials</p></caption><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></table-wrap></sec></body>
</article>""".encode()


def xlsx(header: Row, rows: Sequence[Row]) -> bytes:
    """Return a workbook with the table in its second sheet."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "Notes"  # type: ignore[index]
    sheet = book.create_sheet("Trials")
    for row in (header, *rows):
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def one_cell_a_line(header: Row, rows: Sequence[Row]) -> bytes:
    """Return the table as some browsers copy it: each cell in a paragraph of its own."""
    return "\n\n".join(["Table 1 Trials", *header, *(cell for row in rows for cell in row)]).encode()


def transposed(header: Row, rows: Sequence[Row]) -> bytes:
    """Return the table turned: header words in the first column, a trial in each further one."""
    columns = list(zip(header, *rows, strict=True))
    return _csv(",")(columns[0], columns[1:])


LAYOUTS: Mapping[str, Callable[[Row, Sequence[Row]], bytes]] = {
    "csv": _csv(","),
    "csv, all quoted": _csv(",", quoting=csv.QUOTE_ALL),
    "csv, semicolons": _csv(";"),
    "csv, UTF-16": _csv(",", "utf-16"),
    "tabs": _csv("\t"),
    "pipes": _pipes(""),
    "pipes, outer": _pipes("|"),
    "Markdown under a caption": _pipes("|", "Table 1. Registered trials\n"),
    "HTML": html,
    "JATS": jats,
    "XLSX": xlsx,
    "one cell a line": one_cell_a_line,
    "transposed": transposed,
}
