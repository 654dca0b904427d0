"""The words of a row → the places where a cell may begin or end: between words, and where words may have grown together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.vocabulary.lexicon import Lexicon

_WORD = re.compile(r"\S+")
# a letter case or a kind of sign that changes inside a word; "IIb" and "10a" change too, and are mostly one cell
_CHANGE = re.compile(
    r"(?<=[a-zß-öø-ÿµ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])|(?<=[)\]%.;,])(?=\w)|(?<=\w)(?=[(\[])"
    r"|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[)\]])(?=[(\[])|(?<=[\w)])(?=[<>≤≥~∼])"
)
_GROWN = re.compile(r"\d{6}[^\W\d_(\[]|[a-z)\]]\d*[A-Z][A-Za-z]+\d{6}|[a-z]\d+[A-Z]")
_RUN = re.compile(r"[^\W\d_]{4,}")
_LEAST = 2  # letters of a name that may be grown to another one
_SURE = 4  # letters of a part that no vocabulary knows, beside one that is known
_MOST_PARTS = 6  # of one run of letters


class Chain:
    """A row's text and its words; `glued` says which of them are grown to the word before them."""

    def __init__(self, text: str, edges: Sequence[int] = ()) -> None:
        """Cut `text`, white space folded, at its blanks and also at `edges`, which are places inside its words."""
        self.text = text
        inner = sorted(edges)
        spans: list[tuple[int, int]] = []
        self.glued: list[bool] = []
        for match in _WORD.finditer(text):
            cuts = [edge for edge in inner if match.start() < edge < match.end()] if inner else []
            spans += pairwise([match.start(), *cuts, match.end()])
            self.glued += [False] + [True] * len(cuts)
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.tokens = [text[start:end] for start, end in spans]

    def __len__(self) -> int:
        return len(self.tokens)

    def piece(self, start: int, end: int) -> str:
        """Return the text of the words `[start, end)`, at least one."""
        return self.text[self.starts[start] : self.ends[end - 1]]


def inner_edges(text: str, lexicon: Lexicon, schemes: Sequence[str]) -> tuple[int, ...]:
    """Return the places inside words where a cell may end: at a change of signs, and between two names.

    A name is a word of one of the vocabularies `schemes`: "marrowintravenous" may be two, "MSCIV" as well.
    """
    edges = {match.start() for match in _CHANGE.finditer(text)}
    for run in _RUN.finditer(text):
        edges.update(_between_names(text, run, lexicon, schemes))
    return tuple(sorted(edges))


def seem_glued(texts: Sequence[str]) -> bool:
    """Return whether most of some rows have a long number grown to the words beside it; looks at signs alone."""
    return 2 * sum(_GROWN.search(text) is not None for text in texts) > len(texts)


def _between_names(text: str, run: re.Match[str], lexicon: Lexicon, schemes: Sequence[str]) -> Iterator[int]:
    """Yield the edges inside a run of letters that no vocabulary knows as a whole."""
    low, at = run.group().lower(), run.start()
    dotted = text.startswith(".", run.end())
    if _known(low, lexicon, schemes):
        return
    if dotted and _known(low[:-1], lexicon, schemes):
        yield at + len(low) - 1  # "jellyi.v."
    found = 0
    for cut in range(_LEAST, len(low) - _LEAST + 1):
        if found < _MOST_PARTS and _both_known(low[:cut], low[cut:], lexicon, schemes):
            found += 1
            yield at + cut


def _both_known(left: str, right: str, lexicon: Lexicon, schemes: Sequence[str]) -> bool:
    """Whether a name ends here and another one begins; what stands behind or before may be glued once more."""
    known = [_known(part, lexicon, schemes) for part in (left, right)]
    return all(known) or (any(known) and len(left) >= _SURE and len(right) >= _SURE)


def _known(word: str, lexicon: Lexicon, schemes: Sequence[str]) -> bool:
    return any(lexicon.knows(scheme, word) for scheme in schemes)
