"""The bytes of a SPARQL result in XML → a table or yes and no; whatever is not whole is a StoreError."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.errors import SourceError, StoreError
from kg.readers.safe_xml import elements, local, root_tag
from kg.stores.base import Result, Term, Verdict
from kg.stores.lexical import Terms

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACE = "{http://www.w3.org/2005/sparql-results#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_WANTED = tuple(_SPACE + name for name in ("variable", "boolean", "result", "results"))


def read_xml(body: bytes) -> Result | Verdict:
    """Return what the document says."""
    columns: list[str] = []
    rows: list[tuple[Term | None, ...]] = []
    ends: list[str] = []  # of yes or no, or of all rows: there is one of them
    terms = Terms()
    for element in _elements(body):
        tag = local(element)
        if tag == "variable":
            columns.append(element.get("name", ""))
        elif tag == "result":
            rows.append(_row(element, columns, terms))
        else:
            ends.append(_text(element).strip() if tag == "boolean" else "")
    if len(ends) != 1 or "" in columns or len(set(columns)) != len(columns):
        raise _broken("its columns have no names, or it has neither rows nor yes or no")
    if not ends[0]:
        return Result(tuple(columns), tuple(rows))
    if rows or ends[0] not in ("true", "false"):
        raise _broken("it says neither yes nor no")
    return Verdict(ends[0] == "true")


def well_formed(body: bytes, root: str) -> None:
    """Raise StoreError unless `body` is one whole element `root`, "{namespace}name", and nothing behind it."""
    try:
        if root_tag("", body) != root:
            raise _broken("it is another document")
        for _ in elements("", body, ("*",)):
            pass
    except SourceError as error:
        raise _broken(error.what) from error


def _elements(body: bytes) -> Iterator[_Element]:
    try:
        if root_tag("", body) != f"{_SPACE}sparql":
            raise _broken("it is another document")
        yield from elements("", body, _WANTED)
    except SourceError as error:
        raise _broken(error.what) from error


def _row(element: _Element, columns: list[str], terms: Terms) -> tuple[Term | None, ...]:
    found: dict[str, Term] = {}
    for binding in element:
        name = binding.get("name", "")
        if local(binding) != "binding" or name not in columns or name in found or len(binding) != 1:
            raise _broken("a row has a column that the head does not name, or a value that is none")
        found[name] = _term(binding[0], terms)
    return tuple(found.get(name) for name in columns)


def _term(element: _Element, terms: Terms) -> Term:
    tag, text = local(element), _text(element)
    if tag == "uri":
        return terms.iri(text.strip())
    if tag == "bnode":
        return terms.blank(text)
    if tag == "literal":
        return terms.literal(text, element.get("datatype", ""), element.get(_LANG, ""))
    if tag == "triple":
        raise StoreError(
            "the query returns a triple as a value", hint="return its parts in columns of their own"
        )
    raise _broken("a value is no term of RDF")


def _text(element: _Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _broken(why: str) -> StoreError:
    return StoreError(f"the answer is not whole, or no SPARQL result in XML: {why}")
