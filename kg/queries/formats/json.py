"""Answer → JSON of the SPARQL 1.1 query results format."""

from __future__ import annotations

import json

from kg.queries.formats.common import as_result
from kg.stores.base import Answer, Term, Verdict
from kg.vocabulary.namespaces import XSD


def write_json(answer: Answer) -> str:
    """Return the answer as a JSON document that ends in a line break."""
    if isinstance(answer, Verdict):
        document: dict[str, object] = {"head": {}, "boolean": answer.holds}
    else:
        result = as_result(answer)
        bindings = [
            {name: _binding(term) for name, term in zip(result.columns, row, strict=True) if term is not None}
            for row in result.rows
        ]
        document = {"head": {"vars": list(result.columns)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _binding(term: Term) -> dict[str, str]:
    kind = {"iri": "uri", "bnode": "bnode", "literal": "literal"}[term.kind]
    binding = {"type": kind, "value": term.value}
    if term.lang:
        binding["xml:lang"] = term.lang
    elif term.datatype not in ("", XSD.string):
        binding["datatype"] = term.datatype
    return binding
