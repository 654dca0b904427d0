"""A literal as a server wrote it → the literal as the embedded store holds it, so that their answers compare equal.

Servers keep `01`, `1.50` or `1.0E3` as they are, or rewrite them in ways of their own; the embedded store has
one form for each value. That form is asked of it, not computed anew.
"""

from __future__ import annotations

import re

from kg.errors import StoreError
from kg.stores.base import Term, iri, literal
from kg.vocabulary.namespaces import XSD

# what one form of a value is enough for: text and the types that the embedded store leaves alone
_AS_WRITTEN = ("", XSD.string, XSD.anyURI)
_PLAIN_INTEGER = re.compile("0|-?[1-9][0-9]{0,17}")
_NOT_IN_IRI = re.compile('[\x00- <>"\x7f]')
_HALF = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_MOST_KEPT = 100_000


class Terms:
    """Makes the terms of one answer; blank nodes are named b0, b1 … in the order in which they come."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, str], Term] = {}
        self._blanks: dict[str, Term] = {}

    def iri(self, value: str) -> Term:
        """Return the term of an IRI; StoreError for one that no form of RDF could hold."""
        if not value or _NOT_IN_IRI.search(value):
            raise StoreError("the server answered something that is no IRI", raw=value)
        return iri(_whole(value))

    def blank(self, label: str) -> Term:
        """Return the term of a blank node."""
        return self._blanks.setdefault(label, Term("bnode", f"b{len(self._blanks)}"))

    def literal(self, value: str, datatype: str = "", lang: str = "") -> Term:
        """Return the term of a literal, the language tag in lower case."""
        if lang:
            if not _LANGUAGE.fullmatch(lang):
                raise StoreError("the server answered something that is no language tag", raw=lang)
            return literal(_whole(value), lang=lang.lower())
        if datatype in _AS_WRITTEN:
            return literal(_whole(value), datatype)
        if datatype == XSD.integer and _PLAIN_INTEGER.fullmatch(value):
            return literal(value, datatype)
        if len(self._forms) > _MOST_KEPT:
            self._forms.clear()
        if (value, datatype) not in self._forms:
            self._forms[value, datatype] = _held(_whole(value), self.iri(datatype).value)
        return self._forms[value, datatype]


def _held(value: str, datatype: str) -> Term:
    import pyoxigraph as ox

    try:
        given = ox.Literal(value, datatype=ox.NamedNode(datatype))
    except ValueError as error:
        raise StoreError(
            f"the server answered something that is no datatype: {error}", raw=datatype
        ) from error
    place, store = ox.NamedNode("x:x"), ox.Store()  # a new one costs less than emptying one
    store.add(ox.Quad(place, place, given))
    (held,) = [quad.object for quad in store]
    assert isinstance(held, ox.Literal)  # noqa: S101 - tells the type checker, costs nothing
    return literal(held.value, held.datatype.value)


def _whole(text: str) -> str:
    """Return the text; StoreError when it holds half of a surrogate pair, which cannot be written anywhere."""
    if not text.isascii() and _HALF.search(text):
        raise StoreError(
            "the server answered half of a surrogate pair, which is no character", raw=repr(text)
        )
    return text
