"""One clause of chunks → ways to look around in it: what stands left and right of a place, and lists of names."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kg.cells.outcome.items import AGENT, AND, BRACKET, COLON, COMMA, GROUP, NAME, Clause
from kg.cells.outcome.number import COUNT, LIMIT, NOTHING, P_VALUE, PERCENT, PLAIN, RATIO, SHIFT, TIME
from kg.cells.outcome.terms import EVENT
from kg.model import Span

VERB, NOUN, EITHER, ADJECTIVE, SYMBOL = "verb", "noun", "either", "adjective", "symbol"
DIRECTIONS = frozenset((VERB, NOUN, EITHER, ADJECTIVE, SYMBOL, "different"))
NUMBERS = frozenset((PERCENT, COUNT, PLAIN))
NAMES = frozenset((NAME, EVENT))
JOINTS = frozenset((COMMA, AND))
SMALL = frozenset(("article", "adverb", "level"))
_ASIDE = frozenset((BRACKET, TIME, LIMIT, P_VALUE, RATIO, NOTHING))
# what may stand between a name and what is said of it
_BETWEEN = frozenset(
    (
        *SMALL,
        *_ASIDE,
        *NUMBERS,
        "be",
        "hedge",
        "negation",
        "report",
        COLON,
        "not-significant",
        "preposition",
        "of",
        "comparison",
    )
)


class View:
    """One clause. Places are positions in it; `used` are the names of which something has been said already."""

    def __init__(self, clause: Clause, text: str) -> None:
        self.chunks = clause
        self.kinds = [chunk.kind for chunk in clause]
        self.present = frozenset(self.kinds)
        self.text = text
        self.used: set[int] = set()

    def __len__(self) -> int:
        return len(self.chunks)

    def kind(self, at: int) -> str:
        """Return the kind of the chunk at a place, "" outside of the clause."""
        return self.kinds[at] if 0 <= at < len(self.kinds) else ""

    def form(self, at: int) -> str:
        """Return the folded single word at a place, "" if there is none."""
        terms = self.chunks[at].terms if 0 <= at < len(self.chunks) else ()
        return terms[0].form if terms else ""

    def words(self, at: int, end: int | None = None) -> str:
        """Return the words of the cell from a place to another one, both included."""
        last = at if end is None else end
        return " ".join(self.text[self.chunks[at].start : self.chunks[last].end].split())

    def span(self, at: int, end: int | None = None) -> Span:
        """Return where these words stand."""
        return Span(self.chunks[at].start, self.chunks[at if end is None else end].end)

    def is_no_change(self, at: int) -> bool:
        """Whether the words at a place say as a whole that nothing changed: "no difference"."""
        return self._cue(at) == "no-change"

    def _cue(self, at: int) -> str:
        cue = self.chunks[at].cue
        return cue.name if cue is not None else ""

    def where(self, kinds: Collection[str], first: int = 0, last: int | None = None) -> Iterator[int]:
        """Yield the places of chunks of these kinds."""
        if self.present.isdisjoint(kinds):
            return
        for at in range(max(first, 0), len(self.kinds) if last is None else min(last, len(self.kinds))):
            if self.kinds[at] in kinds:
                yield at

    def has(self, kinds: Collection[str], first: int = 0, last: int | None = None) -> bool:
        """Return whether a chunk of these kinds stands between two places."""
        return next(self.where(kinds, first, last), None) is not None

    def skip(self, at: int, kinds: Collection[str]) -> int:
        """Return the first place from `at` on that is of none of these kinds."""
        while at < len(self.kinds) and self.kinds[at] in kinds:
            at += 1
        return at

    def skip_back(self, at: int, kinds: Collection[str]) -> int:
        """Return the first place from `at` backwards that is of none of these kinds, -1 if there is none."""
        while at >= 0 and self.kinds[at] in kinds:
            at -= 1
        return at

    def free(self, at: int) -> bool:
        """Whether a name stands here of which nothing has been said."""
        return self.kind(at) in NAMES and at not in self.used

    # ------------------------------------------------------------ lists of names

    def right(self, at: int) -> list[int]:
        """Return the names of the list that begins at `at`, in order."""
        at = self.skip(at, {*SMALL, "of"})
        if not self.free(at):
            return []
        found = [at]
        while (nxt := self._next_member(found[-1])) is not None:
            found.append(nxt)
        return found

    def _next_member(self, at: int) -> int | None:
        i = at + 1
        numbered = self.kind(i) in NUMBERS
        while self.kind(i) in (*_ASIDE, *NUMBERS) or (
            self.kind(i) == "preposition" and self.kind(i + 1) in (TIME, *NUMBERS)
        ):
            i += 1
        joint = i
        while self.kind(i) in JOINTS or self.form(i) == "nor":
            i += 1
        if i == joint:
            return None
        comma = self.kind(joint) == COMMA and i == joint + 1
        i = self.skip(i, {*SMALL, "of"})
        if self.kind(i) == "preposition" and self.form(i) in ("in", "on"):
            i = self.skip(i + 1, SMALL)
        if not self.free(i) or self.opens(i, over_commas=comma, numbered=numbered):
            return None
        return i

    def opens(self, at: int, *, over_commas: bool = False, numbered: bool = False) -> bool:
        """Whether the name at `at` opens a statement of its own: "… and function improved"."""
        i = at
        while self.kind(i) in (*NAMES, AND, *SMALL, "of", BRACKET, TIME) or (
            self.kind(i) == COMMA and over_commas
        ):
            i += 1
        kind = self.kind(i)
        if kind == "be":
            return not self._only_seen(i)
        if kind == "negation":
            return self.form(i) != "without" and self.kind(i + 1) in (VERB, "report", "", "different")
        if kind in (VERB, ADJECTIVE, EITHER, SYMBOL, NOUN):
            if kind == NOUN and not self._says_no(i):
                return False
            if self.kind(i - 1) not in (*NAMES, *SMALL, BRACKET, TIME):
                return False
            nxt = self.skip(i + 1, SMALL)
            return kind == SYMBOL or self.kind(nxt) not in NAMES or self.kind(i + 1) in SMALL
        return kind in (SHIFT, PERCENT, COUNT) and self.kind(i - 1) in NAMES and not numbered

    def _says_no(self, at: int) -> bool:
        return self.is_no_change(at) and self.form(at + 1) not in ("in", "of")

    def _only_seen(self, at: int) -> bool:
        """Whether "were" and what follows only say that something was seen, with nothing said of it."""
        nxt = self.skip(at + 1, {"adverb", "article", "negation"})
        behind = self.skip(nxt + 1, {"preposition", "article", AGENT, GROUP, "adverb", TIME})
        return self.kind(nxt) == "report" and behind >= len(self.chunks)

    def left(self, at: int) -> list[int]:
        """Return the names before `at` that what stands there is said of, in order."""
        i, steps = at - 1, 0
        while i >= 0:
            kind = self.kind(i)
            if kind in NAMES:
                before = self.head(i)
                phrase = self.before_phrase(before)
                if phrase is None:
                    return [] if i in self.used else self.list_left(i)
                i = phrase
            elif kind in (AGENT, GROUP):
                before = self.head(i)
                if self.kind(before) not in ("preposition", "of", "comparison", COLON):
                    return []
                i = before - 1
            elif kind == ADJECTIVE and self.kind(at) == VERB and i == at - 1:
                i -= 1  # "more decreased"
            elif kind == NOUN and self._cue(i) == "change-noun":
                i -= 1  # "the LVEF change was similar"
            elif kind == AND and self.kind(i - 1) in DIRECTIONS and i == at - 1:
                i -= 2  # "stable or improved"
            elif kind in _BETWEEN or (
                kind == COMMA and (self._closes_phrase(i) if steps else self._continues(at))
            ):
                i -= 1
            else:
                return []
            steps += 1
        return []

    def _closes_phrase(self, at: int) -> bool:
        return self.kind(at + 1) in ("adverb", "article") and self.kind(at - 1) in (*NUMBERS, TIME, BRACKET)

    def _continues(self, at: int) -> bool:
        """Whether what follows a comma goes on with the same thing: ", similar to placebo"."""
        return self.kind(at) == ADJECTIVE and self.kind(at + 1) in ("preposition", "comparison")

    def head(self, at: int) -> int:
        """Return the place before the small words and numbers that belong to a name."""
        return self.skip_back(at - 1, {*SMALL, *NUMBERS, "hedge"})

    def before_phrase(self, at: int) -> int | None:
        """Return where to look on before "in the knee", "of patients with CD"; None when no such phrase opens at `at`."""
        if self.kind(at) not in ("preposition", "of"):
            return None
        i = self.skip_back(at - 1, {*SMALL, BRACKET, TIME, "preposition", VERB, "report"})
        return i if self.kind(i) in (NAME, AGENT, GROUP) else None

    def list_left(self, at: int) -> list[int]:
        """Return the names of the list that ends at `at`, in order."""
        found = [at]
        while True:
            i = self.skip_back(found[0] - 1, {*SMALL, "hedge"})
            joint = i
            while self.kind(i) in JOINTS or self.form(i) == "nor":
                i -= 1
            if i == joint:
                return found
            i = self.skip_back(i, {BRACKET, TIME, "level", "article"})
            if not self.free(i) or self._said_no(i) or self.kind(i - 1) in NUMBERS:
                return found
            before = self.head(i)
            if self.kind(before) == "preposition" and self.kind(before - 1) in (NAME, AGENT, VERB, "report"):
                return found
            found.insert(0, i)

    def _said_no(self, at: int) -> bool:
        """Whether a negation is the name's own: "no fever, function improved", but "no motor or sensory gain"."""
        before = self.head(at)
        if self.kind(before) != "negation" or self.form(before) == "neither":
            return False
        return self.form(at + 1) not in ("or", "nor")
