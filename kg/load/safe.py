"""Terms of a graph file → their N-Triples text, or a GraphError: only what every store keeps unchanged is sent.

What stores do to other terms: doubles and durations are rewritten, tags such as en-GB change their letter case,
numbers such as 01 or 1.50 lose their zeros so that two triples become one, and blank nodes become others each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import pyoxigraph as ox

from kg.errors import GraphError
from kg.graph.terms import SAFE_DATATYPES, check_iri
from kg.serialise.terms import full_iri, plain_literal
from kg.triples import Literal
from kg.vocabulary.namespaces import XSD

TermWriter = Callable[[object], str]

# the longest that was seen to come back from every store tried: Virtuoso 7 cuts longer IRIs and hashes their end
LONGEST_IRI = 1800
LONGEST_LITERAL = 1_000_000
_CACHE = 65_536

_FORMS = {
    XSD.integer: (re.compile(r"0|-?[1-9][0-9]{0,17}"), "no sign +, no leading zeros, up to 18 digits"),
    XSD.decimal: (
        re.compile(r"(?!-0\Z)-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{0,14}[1-9])?"),
        "no leading or trailing zeros, up to 18 digits before the point and 15 after it",
    ),
    XSD.boolean: (re.compile(r"true|false"), "true or false"),
    XSD.date: (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "YYYY-MM-DD without time zone"),
    XSD.gYear: (re.compile(r"(?!0000)[0-9]{4}"), "YYYY without time zone"),
    XSD.gYearMonth: (re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])"), "YYYY-MM without time zone"),
}
_LANGUAGE = re.compile(r"[a-z]{2,8}")


def term_writer() -> TermWriter:
    """Return a function from a parsed term to its text, which raises GraphError for what is not safe."""
    return lru_cache(_CACHE)(safe_text)


def safe_text(term: object) -> str:
    """Return a parsed term as N-Triples writes it; GraphError says why a store would not keep it."""
    if isinstance(term, ox.NamedNode):
        return full_iri(safe_iri(term.value))
    if isinstance(term, ox.Literal):
        return plain_literal(_safe_literal(term))
    what = "a blank node" if isinstance(term, ox.BlankNode) else "a triple as a term"
    raise GraphError(
        f"the statement holds {what}, which a store does not give back as it was",
        allowed="IRIs and literals",
        hint="give the thing an IRI of its own",
    )


def safe_iri(iri: str) -> str:
    """Return `iri` when it is absolute, valid and not too long for any store."""
    check_iri(iri)
    if len(iri.encode()) > LONGEST_IRI:
        raise GraphError("the IRI is too long for some stores", raw=iri, allowed=f"{LONGEST_IRI:,} bytes")
    return iri


def _safe_literal(term: ox.Literal) -> Literal:
    lexical, datatype = term.value, term.datatype.value
    if len(lexical) > LONGEST_LITERAL // 4 and len(lexical.encode()) > LONGEST_LITERAL:
        raise GraphError("the literal is too long", raw=lexical, allowed=f"{LONGEST_LITERAL:,} bytes")
    if "\x00" in lexical:
        raise GraphError("the literal holds the character U+0000, which many stores do not keep", raw=lexical)
    if term.language:
        return Literal(lexical, f"@{_safe_language(term)}")
    if datatype not in SAFE_DATATYPES:
        names = ", ".join(sorted(name.rpartition("#")[2] for name in SAFE_DATATYPES))
        raise GraphError("stores rewrite literals of this datatype", raw=datatype, allowed=f"xsd: {names}")
    if datatype in _FORMS:
        _check_form(lexical, datatype)
    return Literal(lexical, datatype)


def _safe_language(term: ox.Literal) -> str:
    if not _LANGUAGE.fullmatch(term.language or "") or term.direction is not None:
        raise GraphError(
            "stores change the letter case of language tags with a region or script",
            raw=f"@{term.language}",
            allowed="a language alone, such as @en",
        )
    return str(term.language)


def _check_form(lexical: str, datatype: str) -> None:
    pattern, allowed = _FORMS[datatype]
    if not pattern.fullmatch(lexical) or (datatype == XSD.date and not _is_day(lexical)):
        name = datatype.rpartition("#")[2]
        raise GraphError(f"stores rewrite this form of an xsd:{name}", raw=lexical, allowed=allowed)


def _is_day(lexical: str) -> bool:
    try:
        date.fromisoformat(lexical)
    except ValueError:
        return False
    return True
