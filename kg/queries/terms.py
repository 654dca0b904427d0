"""One RDF term → its SPARQL text, which no value can break out of."""

from __future__ import annotations

from decimal import Decimal

from kg.errors import QueryError
from kg.stores.base import Term
from kg.vocabulary.namespaces import XSD

_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NOT_IN_IRI = frozenset('<>"{}|^`\\')


def term_text(term: Term) -> str:
    """Return `term` as SPARQL writes it; QueryError for a blank node or a character that cannot be."""
    if term.kind == "iri":
        return f"<{_checked_iri(term.value)}>"
    if term.kind == "bnode":
        raise QueryError("a blank node has no name that a query could use", raw=term.value)
    if term.datatype == XSD.integer and term.value.lstrip("-").isdigit():
        return term.value
    text = f'"{escaped(term.value)}"'
    if term.lang:
        return f"{text}@{term.lang}"
    return text if term.datatype == XSD.string else f"{text}^^<{_checked_iri(term.datatype)}>"


def escaped(text: str) -> str:
    r"""Return the inside of a string literal.

    A letter u after a backslash is written as a code point, because SPARQL 1.1 (section 19.2) lets a
    reader resolve \u escapes before it reads the string: it would find one in the text `\u0022`.
    """
    pieces = [_escape(char) for char in text]
    for at in range(1, len(text)):
        if text[at - 1] == "\\" and text[at] in "uU":
            pieces[at] = f"\\U{ord(text[at]):08X}"
    return "".join(pieces)


def decimal_text(value: Decimal) -> str:
    """Return a finite decimal without exponent and without trailing zeros."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if "\ud800" <= char <= "\udfff":
        raise QueryError("half of a surrogate pair is not a character", raw=repr(char))
    return f"\\U{ord(char):08X}" if char < " " or "\x7f" <= char <= "\x9f" or char in "\u2028\u2029" else char


def _checked_iri(value: str) -> str:
    bad = sorted(
        {char for char in value if char <= " " or char in _NOT_IN_IRI or "\ud800" <= char <= "\udfff"}
    )
    if bad or ":" not in value:
        raise QueryError(
            "this is not an absolute IRI", raw=value, hint="percent-encode what an IRI cannot hold"
        )
    return value
