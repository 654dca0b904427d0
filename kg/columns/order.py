"""Headers that stand in another order than the cells → the same headers, each over the cells that it names."""

from __future__ import annotations

from collections.abc import Sequence

from kg.columns.assign import assign
from kg.columns.evidence import KEYS, Cells
from kg.columns.names import Named
from kg.columns.verdict import Verdict

_LEAST_WRONG = 2  # headers that must stand over the cells of others
_CELLS, _READABLE, _SAME = 400, 150, 60
_FITS = 0.6


def is_shuffled(names: Sequence[Named], cells: Sequence[Cells], verdicts: Sequence[Verdict]) -> bool:
    """Return whether several headers stand over cells that other headers of the same table name.

    A header over cells that read as it only at a pinch ("Dose" over bare numbers) counts too where another header
    stands over cells that clearly are what it names.
    """
    wrong = _wrong(names, cells, verdicts)
    moved = sum(verdicts[at].rival in _keys(names) or bool(verdicts[at].kind) for at in wrong)
    return moved > 0 and len(wrong) >= _LEAST_WRONG


def _keys(names: Sequence[Named]) -> set[str]:
    return {named.key for named in names if named.key}


def _wrong(names: Sequence[Named], cells: Sequence[Cells], verdicts: Sequence[Verdict]) -> list[int]:
    named = _keys(names)
    kinds = {one.kind for one in names}
    wrong = [
        at
        for at, verdict in enumerate(verdicts)
        if (verdict.rival in named and verdict.rival != "") or (verdict.kind in kinds and verdict.kind != "")
    ]
    elsewhere = {verdicts[at].rival for at in wrong} - {""}
    for at, one in enumerate(names):
        if at not in wrong and one.key in elsewhere and cells[at].filled and not cells[at].fit(one.key).clear:
            wrong.append(at)
    return wrong


def put_right(names: Sequence[Named], cells: Sequence[Cells]) -> list[Named]:
    """Return the headers in the order of the cells: each key over the cells that read as it best.

    What no key fits gets the headers that are left: an own kind over the cells that look like it, the others in place.
    """
    of_key = {named.key: named for named in reversed(names) if named.key}
    keys = [key for key in KEYS if key in of_key]
    owners = assign([_scores(at, names[at], cells[at], keys) for at in range(len(names))], keys)
    order: dict[int, Named] = {at: of_key[key] for at, key in owners.items()}
    used = [id(named) for named in order.values()]
    left = [named for named in names if id(named) not in used]
    open_columns = [at for at in range(len(names)) if at not in order]
    for at in tuple(open_columns):
        fits = [named for named in left if named.kind and cells[at].of_kind(named.kind) >= _FITS]
        if fits:
            order[at] = fits[0]
            left = [named for named in left if named is not fits[0]]
            open_columns.remove(at)
    for at in tuple(open_columns):
        if names[at] in left:
            order[at] = names[at]
            left.remove(names[at])
            open_columns.remove(at)
    order.update(zip(open_columns, left, strict=True))
    return [order[at] for at in range(len(names))]


def _scores(at: int, named: Named, cells: Cells, keys: Sequence[str]) -> dict[str, int]:
    scores = {}
    for key in keys:
        fit = cells.fit(key)
        if fit.share(fit.some) >= _FITS:
            score = (
                _CELLS * fit.share(fit.clear) + _READABLE * fit.share(fit.some) + _SAME * (named.key == key)
            )
            scores[key] = int(score) * len(KEYS) * 1000 - at
    return scores
