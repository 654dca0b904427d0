"""Statements in any order → one sorted N-Triples file a graph, each triple once, with its count and a sample.

Sorting is done in runs on disk, which are then merged: memory is bounded by the size of a run.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from kg.load.read import Statement

_RUN = 16 * 2**20  # bytes of text that are sorted at once; Python needs about twice as much for them
_SAMPLE = 20


@dataclass(frozen=True)
class GraphFile:
    """A graph that waits to be sent: `longest` is the length of its longest line, in bytes.

    `sample` holds up to 20 of its triples, evenly spread, in N-Triples with the full stop.
    """

    graph: str
    path: Path
    triples: int
    longest: int
    sample: tuple[str, ...]


def write_graphs(statements: Iterable[Statement], folder: Path) -> tuple[GraphFile, ...]:
    """Write a file a graph into `folder` and return them in the order of their IRIs."""
    runs = [_written(lines, folder / f"run-{number}") for number, lines in enumerate(_runs(statements))]
    merged = heapq.merge(*[_lines(run) for run in runs])
    graphs = []
    for number, (graph, lines) in enumerate(groupby(merged, lambda line: line.split(b" ", 1)[0])):
        graphs.append(_graph_file(graph.decode(), lines, folder / f"graph-{number}.nt"))
    for run in runs:
        run.unlink()
    return tuple(graphs)


def _runs(statements: Iterable[Statement]) -> Iterator[list[bytes]]:
    """Yield sorted runs of lines, each the graph's IRI, a space and the triple."""
    lines: list[bytes] = []
    size = 0
    for graph, triple in statements:
        line = f"{graph} {triple}\n".encode()
        lines.append(line)
        size += len(line)
        if size > _RUN:
            yield sorted(lines)
            lines, size = [], 0
    yield sorted(lines)


def _written(lines: list[bytes], path: Path) -> Path:
    with path.open("wb") as stream:
        stream.writelines(lines)
    return path


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from stream


def _graph_file(graph: str, lines: Iterable[bytes], path: Path) -> GraphFile:
    sample, triples, longest, last = _Sample(), 0, 0, b""
    with path.open("wb") as stream:
        for line in lines:
            if line != last:
                triple = line.split(b" ", 1)[1]
                stream.write(triple)
                sample.add(triple)
                triples += 1
                longest = max(longest, len(triple))
                last = line
    return GraphFile(graph, path, triples, longest, sample.chosen())


@dataclass
class _Sample:
    """Every nth line seen so far; n doubles when there are too many, so that they stay evenly spread."""

    every: int = 1
    seen: int = 0
    lines: list[bytes] = field(default_factory=list)

    def add(self, line: bytes) -> None:
        """Take the line, or pass it by."""
        if self.seen % self.every == 0:
            self.lines.append(line)
            if len(self.lines) == 4 * _SAMPLE:
                self.lines = self.lines[::2]
                self.every *= 2
        self.seen += 1

    def chosen(self) -> tuple[str, ...]:
        """Return the sample as text."""
        size = min(_SAMPLE, len(self.lines))
        return tuple(self.lines[at * len(self.lines) // size].decode().rstrip("\n") for at in range(size))
