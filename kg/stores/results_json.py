"""The bytes of a SPARQL result in JSON → a table or yes and no; whatever is not whole is a StoreError."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from kg.errors import StoreError
from kg.stores.base import Result, Term, Verdict
from kg.stores.lexical import Terms


def read_json(body: bytes) -> Result | Verdict:
    """Return what the document says."""
    document = _loaded(body)
    head, results = document.get("head"), document.get("results")
    if not isinstance(head, dict) or (results is None) == ("boolean" not in document):
        raise _broken("it has no head, or neither rows nor yes or no")
    if "boolean" in document:
        if not isinstance(document["boolean"], bool):
            raise _broken("it says neither yes nor no")
        return Verdict(document["boolean"])
    columns, bindings = (
        _names(head.get("vars")),
        results.get("bindings") if isinstance(results, dict) else None,
    )
    if not isinstance(bindings, list):
        raise _broken("it has no rows")
    terms, known = Terms(), frozenset(columns)
    return Result(columns, tuple(_row(binding, columns, known, terms) for binding in bindings))


def _loaded(body: bytes) -> dict[str, object]:
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _broken(str(error), tail(body)) from error
    if not isinstance(document, dict):
        raise _broken("it is no object")
    return document


def _row(
    binding: object, columns: tuple[str, ...], known: frozenset[str], terms: Terms
) -> tuple[Term | None, ...]:
    if not isinstance(binding, dict) or not known.issuperset(binding):
        raise _broken("a row is no object, or has a column that the head does not name")
    return tuple(_term(binding[name], terms) if name in binding else None for name in columns)


def _term(found: object, terms: Terms) -> Term:
    kind, value = (found.get("type"), found.get("value")) if isinstance(found, dict) else (None, None)
    if kind == "triple":
        raise StoreError(
            "the query returns a triple as a value", hint="return its parts in columns of their own"
        )
    if not isinstance(found, dict) or kind not in _KINDS or not isinstance(value, str):
        raise _broken("a value is no term of RDF")
    return _KINDS[kind](terms, value, found)


def _literal(terms: Terms, value: str, found: Mapping[str, object]) -> Term:
    datatype, lang = found.get("datatype", ""), found.get("xml:lang", "")
    if not isinstance(datatype, str) or not isinstance(lang, str):
        raise _broken("a literal has a datatype or a language that is no text")
    return terms.literal(value, datatype, lang)


# "typed-literal" is what drafts of the standard had, and what Virtuoso 7 writes
_KINDS: dict[object, Callable[[Terms, str, Mapping[str, object]], Term]] = {
    "uri": lambda terms, value, _: terms.iri(value),
    "bnode": lambda terms, value, _: terms.blank(value),
    "literal": _literal,
    "typed-literal": _literal,
}


def _names(columns: object) -> tuple[str, ...]:
    names = [name for name in columns if isinstance(name, str)] if isinstance(columns, list) else None
    if names is None or names != columns or "" in names or len(set(names)) != len(names):
        raise _broken("it has no columns, or they have no names of their own")
    return tuple(names)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")


def _broken(why: str, raw: str = "") -> StoreError:
    return StoreError(f"the answer is not whole, or no SPARQL result in JSON: {why}", raw=raw)


def tail(body: bytes) -> str:
    """Return the last words of an answer, where servers write why they stopped."""
    return body[-200:].decode("utf-8", "replace").strip()[-100:]
