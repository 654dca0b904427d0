"""Answer → XML of the SPARQL query results format."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.errors import OutputError
from kg.queries.formats.common import as_result
from kg.stores.base import Answer, Result, Term, Verdict
from kg.vocabulary.namespaces import XSD

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xml(answer: Answer) -> str:
    """Return the answer as an XML document; OutputError for a character that XML cannot hold."""
    body = _boolean(answer.holds) if isinstance(answer, Verdict) else _results(as_result(answer))
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<sparql xmlns="http://www.w3.org/2005/sparql-results#">',
    ]
    return "\n".join([*lines, *body, "</sparql>"]) + "\n"


def _boolean(holds: bool) -> Iterator[str]:
    yield "  <head/>"
    yield f"  <boolean>{str(holds).lower()}</boolean>"


def _results(result: Result) -> Iterator[str]:
    yield "  <head>"
    yield from (f'    <variable name="{_text(name)}"/>' for name in result.columns)
    yield "  </head>"
    yield "  <results>"
    for row in result.rows:
        yield "    <result>"
        for name, term in zip(result.columns, row, strict=True):
            if term is not None:
                yield f'      <binding name="{_text(name)}">{_term(term)}</binding>'
        yield "    </result>"
    yield "  </results>"


def _term(term: Term) -> str:
    if term.kind == "iri":
        return f"<uri>{_text(term.value)}</uri>"
    if term.kind == "bnode":
        return f"<bnode>{_text(term.value)}</bnode>"
    mark = f' xml:lang="{_text(term.lang)}"' if term.lang else ""
    if term.datatype not in ("", XSD.string):
        mark = f' datatype="{_text(term.datatype)}"'
    return f"<literal{mark}>{_text(term.value)}</literal>"


def _text(value: str) -> str:
    bad = _NOT_XML.search(value)
    if bad:
        raise OutputError(
            f"XML cannot hold the character U+{ord(bad.group()):04X}", raw=value, hint="use json"
        )
    return value.translate(_ENTITIES)
