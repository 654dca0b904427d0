"""Paths → parsed tables in their fixed order; without a path, the bundled table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kg.graph.iris import Minter
from kg.graph.stream import quad_blocks
from kg.model import Block, Parsed
from kg.parse.tables import parse_source
from kg.readers.base import open_source
from kg.resources import bundled_table
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

Say = Callable[[str], None]


def read_all(paths: Sequence[str], lexicon: Lexicon, say: Say) -> tuple[Parsed, ...]:
    """Return the tables of all sources, ordered by name and content whatever the order of `paths`.

    `say` is told which source is being read; a source with the bytes of another one is read once. Raises
    SourceError for a source that holds no table.
    """
    tables: list[Parsed] = []
    seen: dict[bytes, str] = {}
    for source in sorted(map(open_source, paths or [bundled_table()]), key=lambda one: (one.name, one.data)):
        if source.data in seen:
            say(f"{source.name} is the same as {seen[source.data]}: read once")
            continue
        seen[source.data] = source.name
        say(f"reading {source.name}")
        tables.extend(parse_source(source, lexicon))
    return tuple(tables)


def bundled_quads() -> Iterator[Block]:
    """Yield the graph of the bundled table, for asking it without a build."""
    lexicon = bundled_lexicon()
    return quad_blocks(read_all((), lexicon, lambda _: None), lexicon, Minter())
