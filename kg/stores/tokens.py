"""SPARQL text → its tokens with their places: as much of the grammar as is needed to see what is a keyword.

The terminals are those of SPARQL 1.1, section 19.8; comments and white space are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TERMINALS = (
    ("comment", r"\#[^\r\n]*"),
    ("iri", r'<(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>'),
    ("string", r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""' + r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"),
    ("string", r'"(?:[^"\\\r\n]|\\.)*"' + r"|'(?:[^'\\\r\n]|\\.)*'"),
    ("variable", r"[?$]\w+"),
    ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    ("name", r"(?:[^\W\d_][\w.\-]*+)?:(?:[\w:%\-]|\\.|\.(?=[\w:%\-\\]))*|_:[\w.\-]+"),
    ("number", r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"),
    ("word", r"[^\W\d]\w*"),
    ("mark", r"\^\^|&&|\|\||[!<>]=|\S"),
)


class Token(NamedTuple):
    """One token: its kind, its text and its place, `query[start:end]`."""

    kind: str
    text: str
    start: int
    end: int

    def says(self, keyword: str) -> bool:
        """Whether this is the keyword, in any letter case."""
        return self.kind == "word" and self.text.upper() == keyword


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of `query` from left to right."""
    kinds = [kind for kind, _ in _TERMINALS]
    for match in _pattern().finditer(query):
        kind = kinds[(match.lastindex or 1) - 1]
        if kind != "comment":
            yield Token(kind, match.group(), match.start(), match.end())


def keyword_of(query: str) -> str:
    """Return the keyword that follows the prologue, in capitals: SELECT, ASK, INSERT …; "" when none does."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word not in ("BASE", "PREFIX", "VERSION")), "")


def names_dataset(query: str) -> bool:
    """Whether `query` has a dataset clause (FROM): the word is a keyword nowhere else in a query."""
    return any(token.says("FROM") for token in tokens(query))


def without_remarks(query: str) -> str:
    """Return `query` with spaces for its comments; every token keeps its line and column.

    Products differ in where a comment ends: what is sent to one of them should not hang on that.
    """
    pieces, end = [], 0
    for token in tokens(query):
        pieces += [_blank(query[end : token.start]), token.text]
        end = token.end
    return "".join([*pieces, _blank(query[end:])])


def _blank(gap: str) -> str:
    return re.sub(r"[^\n]", " ", re.sub(r"\r(?!\n)", "\n", gap))


def resolved(query: str) -> str:
    r"""Return `query` as those read it that resolve \u escapes before anything else (SPARQL 1.1, section 19.2)."""
    escape = r"\\u([0-9A-Fa-f]{4})|\\U(0010[0-9A-Fa-f]{4}|000[0-9A-Fa-f]{5})"
    return re.sub(escape, lambda found: chr(int(found[1] or found[2], 16)), query)


def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"({pattern})" for _, pattern in _TERMINALS), re.DOTALL)
