"""Answer → TSV of the SPARQL 1.1 results format: terms as SPARQL writes them, ?names in the header."""

from __future__ import annotations

from kg.queries.formats.common import as_result
from kg.queries.terms import term_text
from kg.stores.base import Answer, Term


def write_tsv(answer: Answer) -> str:
    """Return the answer as TSV."""
    result = as_result(answer)
    lines = ["\t".join(f"?{name}" for name in result.columns)]
    lines += ["\t".join(map(_text, row)) for row in result.rows]
    return "\n".join(lines) + "\n"


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if term.kind == "bnode" else term_text(term)
