"""Answers of any form → columns and rows, and terms → the short names that people read."""

from __future__ import annotations

from kg.stores.base import Answer, Graph, Result, Term, literal
from kg.vocabulary.namespaces import PREFIXES, ROOT, VOCABULARY, XSD


def as_result(answer: Answer) -> Result:
    """Return the answer as a table: a graph has a row for each triple, yes or no is a table of one cell."""
    if isinstance(answer, Result):
        return answer
    if isinstance(answer, Graph):
        return Result(("subject", "predicate", "object"), answer.triples)
    return Result(("answer",), ((literal(str(answer.holds).lower(), XSD.boolean),),))


def plain(term: Term | None) -> str:
    """Return the text of a term as the CSV form of SPARQL results has it; "" where nothing is bound."""
    if term is None:
        return ""
    return f"_:{term.value}" if term.kind == "bnode" else term.value


def short(term: Term | None) -> str:
    """Return the text of a term for people: IRIs with their prefix where they have one."""
    if term is None or term.kind != "iri":
        return plain(term)
    for prefix, start in PREFIXES.items():
        if term.value.startswith(start):
            return f"{prefix}:{term.value[len(start) :]}"
    for start in (VOCABULARY, ROOT):
        kind, slash, local = term.value[len(start) :].partition("/")
        if term.value.startswith(start) and slash and local:
            return f"{kind}:{local}"
    return term.value


def is_number(term: Term | None) -> bool:
    """Whether the term is a number, which is shown to the right."""
    return term is not None and term.datatype in (XSD.integer, XSD.decimal)
