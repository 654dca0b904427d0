"""The header of a dose column ("Cell dose (× 10⁶/kg)") → the power of ten and the unit that its cells lack."""

from __future__ import annotations

import re

from kg.cells.amounts import Token, counting, divided, is_divided, tokens
from kg.cells.numbers import Power
from kg.vocabulary.lexicon import Concept, Lexicon

_LOST = re.compile(r"10([4-9]|1[0-2])")
_MARKED = re.compile(
    r"(/\s?\w+?)([a-g*†‡§¶#])(?!\w)"
)  # the mark of a footnote that has grown to a unit: "vg/kga"


def from_header(header: str, lexicon: Lexicon) -> tuple[Power | None, Concept | None]:
    """Return the power of ten and the unit that a header such as "Cell dose (× 10⁶)" gives to its column."""
    if not header:
        return None, None
    header = _MARKED.sub(lambda match: _unmarked(match, lexicon), header)
    found = tokens(header, lexicon)
    powers = [t.power or _lost(header, t) for t in found if t.kind in ("power", "scale", "number")]
    return next((p for p in powers if p), None), _unit(header, found, lexicon)


def _unmarked(match: re.Match[str], lexicon: Lexicon) -> str:
    known, with_mark = (lexicon.find("basis", text) for text in (match[1], match[0]))
    return match[1] + " " if known and not with_mark else match[0]


def _lost(header: str, token: Token) -> Power | None:
    match = _LOST.fullmatch(header, token.start, token.end)
    return match and Power(int(match[1]), "lost", match.group())


def _unit(header: str, found: tuple[Token, ...], lexicon: Lexicon) -> Concept | None:
    """Return the unit: what is counted first, divided by what stands anywhere: "Cells infused (CD34+/kg)"."""
    named = next((token for token in found if token.unit and not token.implied), None)
    unit = named.unit if named else _counted(header, lexicon)
    bases = [match.concept for match in lexicon.scan("basis", header) if is_divided(match.concept)]
    if unit is None:
        return next((token.unit for token in found if token.unit), None)
    return divided(unit, bases[0], lexicon) or unit if bases else unit


def _counted(header: str, lexicon: Lexicon) -> Concept | None:
    """Return the unit that counts the product named in a header: cells for "MSC dose"."""
    for match in lexicon.scan("product", header):
        return counting(match.concept, lexicon)
    return None
