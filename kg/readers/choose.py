"""A source → its tables, by the first reader whose layout the content has."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.model import Table
from kg.readers.base import Source
from kg.readers.delimited import DelimitedReader
from kg.readers.document import Document
from kg.readers.header import no_table
from kg.readers.late import Late
from kg.readers.onecell import OneCellReader
from kg.readers.pasted import PastedReader
from kg.readers.pipes import PipesReader
from kg.readers.protocol import Reader
from kg.vocabulary.lexicon import Lexicon

_ZIP = re.compile(r"\APK")
_AACT = re.compile(r"\A(?:PK|\s*\w+\|\w+)")
_JSON = re.compile(r"\A\s*[{\[]")
_MARKUP = re.compile(r"<\s*[!?/A-Za-z]|\A\s*(?:From|Subject|Date|MIME|Snapshot|Content)", re.IGNORECASE)
# the stricter layout first: borders that are there are never thrown away
READERS: tuple[Reader, ...] = (
    Late("kg.readers.xlsx:XlsxReader", _ZIP),
    Late("kg.readers.registry.aact:AactReader", _AACT),
    Late("kg.readers.registry.ctgov:CtGovReader", _JSON),
    Late("kg.readers.registry.who:WhoReader", _MARKUP),
    Late("kg.readers.jats:JatsReader", _MARKUP),
    Late("kg.readers.html:HtmlReader", _MARKUP),
    DelimitedReader(),
    PipesReader(),
    OneCellReader(),
    PastedReader(),
)


def read_tables(source: Source, lexicon: Lexicon) -> tuple[Table, ...]:
    """Return the tables of `source`, at least one, in its order.

    Raises SourceError for a source that is no text, has no table that any reader knows, or no rows.
    """
    document = Document(source)
    for reader in READERS:
        if reader.fits(document, lexicon):
            tables = reader.read(document, lexicon)
            return tuple(_finished(table, reader, document) for table in tables)
    raise no_table(source.name, [reader.name for reader in READERS], lexicon)


def _finished(table: Table, reader: Reader, document: Document) -> Table:
    findings = document.doubts + table.findings
    return replace(table, findings=findings, layout=table.layout or reader.name)
