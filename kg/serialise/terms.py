"""Terms → the text that Turtle, N-Triples and their families share: escapes, full IRIs, prefixed names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from kg.model import Literal, Node
from kg.vocabulary.namespaces import XSD

NodeWriter = Callable[[Node], str]

_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")  # every reader of Turtle agrees on these local names
_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SHORTHAND = {
    XSD.integer: re.compile(r"[+-]?[0-9]+"),
    XSD.decimal: re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.boolean: re.compile(r"true|false"),
}
_CACHE = 65_536


def quoted(text: str) -> str:
    """Return `text` as a quoted string on one line; controls and line separators are escaped."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def full_iri(iri: str) -> str:
    """Return `iri` in angle brackets; characters that may not stand there are escaped, never dropped."""
    return f"<{_NOT_IN_IRI.sub(_numeric, iri)}>"


def plain_literal(literal: Literal) -> str:
    """Return a literal as N-Triples writes it: xsd:string without its datatype, all others in full."""
    return quoted(literal.lexical) + _suffix(literal.kind, full_iri)


def plain_node() -> NodeWriter:
    """Return a writer of nodes for N-Triples and N-Quads, which remembers nodes that come again."""

    def write(node: Node) -> str:
        return full_iri(node) if isinstance(node, str) else plain_literal(node)

    return lru_cache(_CACHE)(write)


def turtle_node(prefixes: Mapping[str, str]) -> NodeWriter:
    """Return a writer of nodes for Turtle and TriG, which knows these prefixes and remembers nodes."""
    name = prefixed_name(prefixes)

    def write(node: Node) -> str:
        return name(node) if isinstance(node, str) else _turtle_literal(node, name)

    return lru_cache(_CACHE)(write)


def prefixed_name(prefixes: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function from an IRI to its prefixed name, or to the full IRI where no prefix fits."""
    names = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}

    def write(iri: str) -> str:
        found = compact(iri, names)
        return f"{found[0]}:{found[1]}" if found else full_iri(iri)

    return write


def compact(iri: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """Return prefix and local name of `iri` for `names` (namespace → prefix), None where none is plain."""
    for mark in ("_", "/", "#", ":"):  # namespaces end with one of these: obo/MONDO_, ontology#
        cut = iri.rfind(mark) + 1
        prefix = names.get(iri[:cut])
        if prefix is not None and _LOCAL.fullmatch(iri, cut):
            return prefix, iri[cut:]
    return None


def _turtle_literal(literal: Literal, name: Callable[[str], str]) -> str:
    shorthand = _SHORTHAND.get(literal.kind)
    if shorthand and shorthand.fullmatch(literal.lexical):
        return literal.lexical
    return quoted(literal.lexical) + _suffix(literal.kind, name)


def _suffix(kind: str, name: Callable[[str], str]) -> str:
    if kind == XSD.string:
        return ""
    return kind if kind.startswith("@") else f"^^{name(kind)}"


def _escape(match: re.Match[str]) -> str:
    return _NAMED.get(match.group()) or _numeric(match)


def _numeric(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04X}"
