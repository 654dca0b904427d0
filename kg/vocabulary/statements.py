"""Vocabularies in Turtle → their statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import VocabularyError


class Own(NamedTuple):
    """A user's vocabulary: the name of its file, and what it says, in Turtle."""

    name: str
    turtle: str


def read_statements(
    name: str, *, path: str | None = None, data: str | None = None
) -> Iterator[tuple[str, str, str]]:
    """Yield subject, predicate and object of each statement of a file or a text in Turtle, as plain strings.

    Raises VocabularyError naming the file when it cannot be read.
    """
    import pyoxigraph

    try:
        for quad in pyoxigraph.parse(data, path=path, format=pyoxigraph.RdfFormat.TURTLE):
            yield str(quad.subject.value), quad.predicate.value, str(quad.object.value)
    except (SyntaxError, OSError) as error:
        raise VocabularyError(f"cannot be read: {error}", where=name) from error
