"""One row without borders → its cells, each with a confidence and a reason; or how well it begins as a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.cells.read import CellReader
from kg.model import State
from kg.segment.chain import Chain, inner_edges
from kg.segment.habits import NO_HABITS, Habits
from kg.segment.near import timed
from kg.segment.score import kind, understood
from kg.segment.search import Search, Stage, best_path, forward, shares

# most rows are read completely; the others have words that no vocabulary knows, or are no rows at all
_STRICT, _NAMES = Search(9.0, strict=True), Search(9.0, strict=True, names=True)
_NARROW, _WIDE = Search(4.5), Search(9.0, patient=True)
_ODD = 0.85  # the most that a cell is sure of whose column cannot read it
_LEAST_READ = 1 / 3  # of the typed columns, before the slow search is worth it
_MOST_WORDS = 20_000  # a longer text is no row


@dataclass(frozen=True, slots=True)
class Cut:
    """A row cut into cells: their texts, how sure each is (0 to 1), why, and how many columns could not read theirs.

    `shared` is the number of first cells that the row above has for this one too; `doubted` says that lines around it
    may belong to the row.
    """

    cells: tuple[str, ...]
    confidence: tuple[float, ...]
    reasons: tuple[str, ...]
    misfits: int
    score: float
    shared: int = 0
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What cutting a text came to: the best cut, if any, and how well the text begins as a row does."""

    cut: Cut | None
    begins: float


def cut(text: str, keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS) -> Cut | None:
    """Cut `text` into one cell for each of `keys`, in this order; None when no cut uses every word."""
    return attempt(text, keys, reader, habits).cut


def quick_cut(text: str, keys: Sequence[str], reader: CellReader, habits: Habits = NO_HABITS) -> Cut | None:
    """Like `cut`, but only for a row all of whose words are read."""
    chain = _chain(text, keys, reader, habits)
    return _chosen(chain, keys, forward(chain, keys, reader, _STRICT, habits), reader)


def attempt(
    text: str,
    keys: Sequence[str],
    reader: CellReader,
    habits: Habits = NO_HABITS,
    *,
    thorough: bool = True,
) -> Attempt:
    """Cut `text` as `cut` does, and weigh it also as the beginning of a row that breaks off.

    Unless `thorough`, a text is only cut when all its words but a name are read, which is much quicker.
    """
    chain = _chain(text, keys, reader, habits)
    if len(chain) > _MOST_WORDS:
        return Attempt(None, 0.0)
    stages = forward(chain, keys, reader, _STRICT, habits)
    found = _chosen(chain, keys, stages, reader)
    begins = max(stage.top for stage in stages)
    if found is not None and _opens_inside(found) and thorough:
        wide = _chosen(chain, keys, forward(chain, keys, reader, _WIDE, habits), reader)
        found = max(filter(None, (found, wide)), key=lambda one: one.score)
    if found is not None or not _may_end(chain, keys[-1], reader):
        return Attempt(found, begins)
    named = forward(chain, keys, reader, _NAMES, habits)
    found = _chosen(chain, keys, named, reader)
    begins = max(stage.top for stage in named)
    if not thorough or (found is not None and found.misfits == 1):
        return Attempt(found, begins)
    if _promising(named, keys) or _promising(forward(chain, keys, reader, _NARROW, habits), keys):
        stages = forward(chain, keys, reader, _WIDE, habits)
        found, begins = _chosen(chain, keys, stages, reader), max(stage.top for stage in stages)
    return Attempt(found, begins)


def _chain(text: str, keys: Sequence[str], reader: CellReader, habits: Habits) -> Chain:
    if not habits.inside:
        return Chain(text)
    schemes = dict.fromkeys(scheme for key in keys if key for scheme in reader.lexicon.schemes(key))
    return Chain(text, inner_edges(text, reader.lexicon, tuple(schemes)))


def _opens_inside(found: Cut) -> bool:
    """Whether a cell is nothing but a bracket, as a remark on the cell before it is."""
    return any(cell.startswith("(") and cell.endswith(")") for cell in found.cells[1:])


def _may_end(chain: Chain, key: str, reader: CellReader) -> bool:
    """Whether the last words can be a cell of the last column, which a row that breaks off seldom has."""
    count = len(chain)
    longest = min(kind(key).longest, count)
    return kind(key).free or any(
        fits(key, chain.piece(count - n, count), reader) for n in range(1, longest + 1)
    )


def _promising(stages: Sequence[Stage], keys: Sequence[str]) -> bool:
    """Whether enough of the typed columns have found something that they can read."""
    typed = [stage for stage, key in zip(stages[1:], keys, strict=True) if not kind(key).free]
    return sum(any(weight > 0 for *_, weight in stage.edges) for stage in typed) >= _LEAST_READ * len(typed)


def _chosen(chain: Chain, keys: Sequence[str], stages: Sequence[Stage], reader: CellReader) -> Cut | None:
    if len(chain) not in stages[-1].total:
        return None
    pieces = best_path(stages, len(chain))
    cells = tuple(chain.piece(a, b) if b > a else "" for a, b in pieces)
    misfits = sum(not fits(key, cell, reader) for key, cell in zip(keys, cells, strict=True))
    reasons = tuple(_reason(key, cell, reader) for key, cell in zip(keys, cells, strict=True))
    sure = _capped(shares(stages, pieces), keys, cells, reader)
    return Cut(cells, sure, reasons, misfits, stages[-1].best[len(chain)])


def _capped(
    sure: Sequence[float], keys: Sequence[str], cells: Sequence[str], reader: CellReader
) -> tuple[float, ...]:
    """Return the shares, not sure of cells that are absent or not read, nor of the names and texts beside these."""
    odd = [not fits(key, cell, reader) for key, cell in zip(keys, cells, strict=True)]
    beside = [any(odd[max(0, at - 1) : at + 2]) and _is_loose(keys[at]) for at in range(len(keys))]
    return tuple(
        min(share, _ODD) if one or near else share for share, one, near in zip(sure, odd, beside, strict=True)
    )


def _is_loose(key: str) -> bool:
    return kind(key).name or kind(key).free


def fits(key: str, cell: str, reader: CellReader) -> bool:
    """Whether a column can read the whole of a cell; free text always, an absent cell never."""
    if kind(key).free:
        return bool(cell)
    reading = reader.read(key, cell)
    if not cell or reading.state is State.EMPTY:
        return bool(cell)
    return understood(reading) or timed(key, cell, reading, reader)


def _reason(key: str, cell: str, reader: CellReader) -> str:
    if not cell:
        return "no word of the row fits this column"
    reading = reader.read(key, cell)
    if kind(key).free:
        return "free text between its neighbours"
    if reading.state is State.EMPTY:
        return "reads as not given"
    if timed(key, cell, reading, reader):
        return f"all of it reads as {reading.rule}, and how often"
    if understood(reading):
        return f"all of it reads as {reading.rule}"
    unread = "; ".join(cell[s.start : s.end] for s in reading.unread) or cell
    return f"best place, though not read: {unread}"
