"""What a column was judged by → the evidence in words, and a confidence from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence

from kg.columns.evidence import Cells
from kg.columns.names import Named
from kg.columns.verdict import Verdict

_RESULTS = 0.65  # what reads as a result may still be something else that was measured
_ONLY_CELLS = 0.9  # cells alone, whatever they look like, are not as sure as cells and header
_PLAIN = {key: key.replace("_", " ") for key in ("cell_source", "trial_number")}


def plain(key: str) -> str:
    """Return a key as it is spoken: "trial number"."""
    return _PLAIN.get(key, key)


def confidence(named: Named, cells: Cells, keys: Sequence[str], *, by_cells: bool) -> float:
    """Return how sure the meaning of a column is.

    With cells it is the mean of what the header's words are worth and of the share of cells that can be read so; of
    the cells alone it is the share that can hardly be anything else. A column kept as text is as sure as its header.
    """
    if not keys or not cells.texts:
        return named.strength
    if by_cells and tuple(keys) == ("outcome",):
        return round(_RESULTS * cells.results, 2)
    fits = [cells.fit(key) for key in keys]
    borne = {named.key, *named.parts} | ({"cell_source"} if named.key == "product" else set())
    if by_cells and not set(keys) & borne:
        return round(_ONLY_CELLS * max(fit.share(fit.clear) for fit in fits), 2)
    readable = max(fit.share(fit.some) for fit in fits)
    if len(keys) > 1:
        readable = min(1.0, sum(fit.share(fit.some) for fit in fits))
    moved = _ONLY_CELLS if by_cells else 1.0
    return round(moved * (named.strength + readable) / 2, 2)


def why_text(cells: Cells) -> str:
    """Return why a column is kept as text although its header may name a key."""
    if cells.labelled:
        return "its cells are lists of labelled items"
    return "its cells are whole sentences" if cells.prose else "hardly a cell reads as that"


def evidence_of(named: Named, cells: Cells, keys: Sequence[str], verdict: Verdict) -> tuple[str, ...]:
    """Return what speaks for a column's meaning, in words."""
    said = [_of_header(named)]
    for key in dict.fromkeys((*keys, named.key)):
        if key and cells.texts:
            fit = cells.fit(key)
            clearly = f", {fit.clear} clearly" if key == verdict.rival or not named.key else ""
            said.append(f"{fit.some} of {fit.cells} different cells read as {plain(key)}{clearly}")
    if verdict.text and not keys:
        said.append(why_text(cells))
    if verdict.kind == "running-number":
        said.append("the cells only number the rows")
    elif verdict.kind:
        said.append(f"the cells look like {plain(verdict.kind)}")
    return tuple(said)


def _of_header(named: Named) -> str:
    if not named.header:
        return "there is no header"
    if named.rule == "header.section":
        return "the table's section rows"
    if named.parts:
        return f"header {named.header!r} names {', '.join(map(plain, named.parts))}"
    if named.key:
        return f"header {named.header!r} {'may name' if named.loose else 'names'} {plain(named.key)}"
    if named.kind:
        return f"header {named.header!r} names a column that is kept as text: {named.kind.replace('-', ' ')}"
    return f"no vocabulary knows the header {named.header!r}"
