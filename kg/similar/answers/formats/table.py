"""Answer about likeness → a table for people: what is most alike first, and the reasons in words."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kg.similar.answers.answers import Answer, Asked, Comparison, Match, Pairs, Ranking
from kg.similar.answers.explain import FacetWords, Words, percent
from kg.similar.answers.formats.common import FEW, clean, decimal, few, short, title
from kg.similar.answers.formats.listing import listing
from kg.similar.answers.listings import Listing
from kg.similar.profile import UNIT, Profile

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

_WIDTH = 100
_LONGEST_NAME = 30
_RARE = "what is rare counts more"
_NOTHING = "–"
_NOT_STATED = "not stated"


def write_table(answer: Answer, width: int = _WIDTH, *, colour: bool = False) -> str:
    """Return the answer as lines of at most `width` characters; `colour` allows the escape sequences of a terminal."""
    from rich.console import Console

    # no_color of its own: the environment is the caller's business
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    with console.capture() as captured:
        for part in _parts(answer):
            console.print(part, soft_wrap=False)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _parts(answer: Answer) -> Iterable[RenderableType]:
    if isinstance(answer, Comparison):
        return _comparison(answer)
    if isinstance(answer, Listing):
        return listing(answer)
    return _pairs(answer) if isinstance(answer, Pairs) else _ranking(answer)


def _ranking(answer: Ranking) -> Iterable[RenderableType]:
    from rich.text import Text

    yield Text(_name(answer.profile), style="bold")
    yield Text(clean("; ".join(f"{title(facet)}: {few(said)}" for facet, said in answer.said.items())))
    yield ""
    asked = answer.asked
    if not answer.matches:
        yield Text(f"Compared with {_counted(asked)}: none shares anything with it by {_facets(asked)}.")
        return
    width = _longest([asked.kind, *(match.other.name for match in answer.matches)])
    table = _plain_table(("#", "right"), (f"{asked.kind.ljust(width)}  score  of most", "left"))
    for rank, match in enumerate(answer.matches, 1):
        if rank > 1:
            table.add_row()
        head = Text.assemble(
            _padded(match.other.name, width),
            ("  " + short(match.score).rjust(5), "bold"),
            f"  {percent(match.score, answer.most):>7}  ",
            (clean(match.other.label), "bold"),
        )
        table.add_row(str(rank), _reasons(match, head))
    yield table
    yield ""
    yield Text(
        f"Compared with {_counted(asked)} by {_facets(asked)}. A score adds up what both share; {_RARE}."
        f" The most {'this' if answer.profile.iri else 'such a'} {asked.kind} can reach is {short(answer.most)}."
    )


def _pairs(answer: Pairs) -> Iterable[RenderableType]:
    from rich.text import Text

    asked = answer.asked
    if not answer.matches:
        yield Text(f"None of {_counted(asked)} shares anything with another by {_facets(asked)}.")
        return
    name = f"pair of {asked.kind}s"
    width = _longest([name, *(one.name for match in answer.matches for one in (match.this, match.other))])
    table = _plain_table(("#", "right"), (f"{name.ljust(width)}  score", "left"))
    for rank, match in enumerate(answer.matches, 1):
        if rank > 1:
            table.add_row()
        head = Text.assemble(
            _padded(match.this.name, width),
            ("  " + short(match.score).rjust(5), "bold"),
            (f"  {clean(match.this.label)}\n", "bold"),
            _padded(match.other.name, width),
            (f"         {clean(match.other.label)}", "bold"),
        )
        table.add_row(str(rank), _reasons(match, head))
    yield table
    yield ""
    yield Text(
        f"All pairs of {_counted(asked)} compared by {_facets(asked)}. A score adds up what both share; {_RARE}."
    )


def _comparison(answer: Comparison) -> Iterable[RenderableType]:
    from rich.text import Text

    match, asked = answer.match, answer.asked
    for profile in (match.this, match.other):
        yield Text(_name(profile), style="bold")
    yield ""
    heads = ("facet", clean(match.this.name), clean(match.other.name), "shared")
    table = _plain_table(*((head, "left") for head in heads), ("contribution", "right"), ("weight", "right"))
    for facet, share in asked.shares.items():
        words = match.words.get(facet, FacetWords())
        cells = (
            few(words.this) or _NOT_STATED,
            few(words.other) or _NOT_STATED,
            few(words.shared) or _NOTHING,
        )
        numbers = (_exact(match.contributions[facet]), f"{100 * share:.1f} %")
        table.add_row(title(facet), *(Text(clean(cell)) for cell in cells), *numbers)
    table.add_row("sum", "", "", "", Text(_exact(match.score), style="bold"), "100 %", style="bold")
    yield table
    yield ""
    yield Text(
        f"The contributions of what both share add up to the score; {_RARE}, as seen in {_counted(asked)}."
        f" It is {percent(match.score, answer.most)} of the {short(answer.most)} that {clean(match.this.name)} can reach."
    )


def _plain_table(*columns: tuple[str, str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name, side in columns:
        number = side == "right"
        table.add_column(Text(name), justify="right" if number else "left", overflow="fold", no_wrap=number)
    return table


def _reasons(match: Match, head: Text) -> RenderableType:
    """Return what makes a neighbour alike, most telling first, and what does not, under a head of its own."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2, 0, 0))
    for name, text in _lines(match):
        if text:
            grid.add_row(Text(name, style="dim"), Text(clean(text)))
    return Group(head, grid)


def _longest(names: Iterable[str]) -> int:
    """Return how wide a column of names is, within what leaves room beside it."""
    return min(max(map(len, map(clean, names))), _LONGEST_NAME)


def _padded(name: str, width: int) -> str:
    return clean(name).ljust(width)


def _lines(match: Match) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of the lines; what a description leaves open is no difference."""
    left_open = () if match.this.iri else [facet for facet, words in match.words.items() if not words.this]
    yield "alike", _alike(match)
    yield (
        "differs",
        _differing({facet: words for facet, words in match.words.items() if facet not in left_open}),
    )
    yield "is also", "; ".join(f"{title(facet)}: {few(match.words[facet].other)}" for facet in left_open)


def _alike(match: Match) -> str:
    shared = [(facet, words.shared) for facet, words in match.words.items() if words.shared]
    shared.sort(key=lambda pair: -match.contributions[pair[0]])
    return "; ".join(
        f"{title(facet)} {short(match.contributions[facet])} {few(said)}" for facet, said in shared
    )


def _differing(words: Mapping[str, FacetWords]) -> str:
    return "; ".join(
        f"{title(facet)}: {_side(one.only_this, one.this)} ↔ {_side(one.only_other, one.other)}"
        for facet, one in words.items()
        if one.only_this or one.only_other
    )


def _side(only: Words, stated: Words) -> str:
    return few(only) or ("nothing else" if stated else _NOT_STATED)


def _name(profile: Profile) -> str:
    label = "" if profile.label == profile.name else profile.label
    return clean(f"{profile.name}: {label}" if label else profile.name)


def _counted(asked: Asked) -> str:
    return f"{asked.compared} {asked.kind}{'' if asked.compared == 1 else 's'}"


def _facets(asked: Asked) -> str:
    names = [title(facet) for facet in asked.shares]
    return f"{len(names)} facets" if len(names) > FEW else ", ".join(names)


def _exact(parts: int) -> str:
    return f"{parts / UNIT:.6f}" if parts else decimal(parts)
