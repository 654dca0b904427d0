"""The vocabulary of registries → what their numbers look like, and which numbers a misspelt one may be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kg.cells.common import plain
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import TKG

_JOINTS = re.compile(r"[\s/_.:#-]+")
_NUMBER_SIGN = re.compile(r"^\W{0,3}(?:no|number|id|identifier)\b\.?", re.IGNORECASE)
# a last group of one or two digits may be the number of patients
_SPREAD = re.compile(r"[A-Za-z][A-Za-z\s]*[\s:.#-]*(?:\d[\d\s,.'’]*[\s,.'’])?\d{3,}\s*")
_GAPS = re.compile(r"[\s,.'’:#-]+")
_LIKE_DIGITS = str.maketrans("OoIl", "0011")
_LONGEST_TAIL = 4  # digits of a next cell that may have run into a number


@dataclass(frozen=True, slots=True)
class Registry:
    """One registry with the pattern of its numbers and the pattern that finds them in a text."""

    concept: Concept
    stem: str
    pattern: re.Pattern[str]
    search: re.Pattern[str] | None

    def written_properly(self, raw: str) -> str:
        """Return `raw` in the registry's format when only blanks, dashes and letter case differ, else "".

        A pattern's group `number` is the number itself, where the format allows for something around it.
        """
        matches = filter(None, map(self.pattern.fullmatch, self._spellings(raw)))
        match = next(matches, None)
        return (match.groupdict().get("number") or match.group()) if match else ""

    def _spellings(self, raw: str) -> Iterator[str]:
        yield raw
        flat = plain(raw)
        head, rest = "", flat
        letters = self.stem.rstrip("-")
        if letters and flat.casefold().startswith(letters.casefold()):
            head, rest = self.stem, _NUMBER_SIGN.sub("", flat[len(letters) :])
        for joint in ("", "-", "/"):
            for tail in (rest, rest.strip(" -_:/.#")):
                joined = _JOINTS.sub(joint, tail.strip())
                for form in (joined, joined.upper(), joined.lower()):
                    yield from (head + form, head + joint + form)

    def _spread_out(self, text: str) -> str:
        """Return the number that is the whole of `text` but for blanks or commas within it, "" for none.

        "NC T01234567", "NCT0 1234567" and "NCT01,234,567" have all letters and digits of a number, and no others.
        """
        joined = _GAPS.sub("", text).upper()
        return joined if self.stem and joined.startswith(self.stem) and self.pattern.fullmatch(joined) else ""

    def completed(self, digits: str) -> str:
        """Return the number of the registry with these digits, "" where it would not be well-formed."""
        number = self.stem + digits
        return number if self.stem and digits.isdecimal() and self.pattern.fullmatch(number) else ""

    def run_together(self, raw: str) -> tuple[str, str] | None:
        """Return a well-formed number and the digits behind it, where digits of a next cell may have run into it."""
        for length in range(1, min(_LONGEST_TAIL, len(raw) - 1) + 1):
            head, tail = raw[:-length], raw[-length:]
            if tail.isdecimal() and (number := self.written_properly(head)):
                return number, tail
        return None

    def candidate(self, raw: str) -> str:
        """Return the number that `raw` would be with the letters in order and O for zero, "" for none."""
        bare = raw.translate(_LIKE_DIGITS) if any(char.isdigit() for char in raw) else raw
        return self._reordered(raw) or self._reordered(bare)

    def _reordered(self, raw: str) -> str:
        letters = "".join(char for char in raw if char.isalpha())
        digits = "".join(char for char in raw if char.isdigit())
        if letters and (not raw.endswith(digits) or set(letters.casefold()) != set(self.stem.casefold())):
            return ""
        number = self.stem + digits
        return number if (letters or raw == digits) and self.pattern.fullmatch(number) else ""


@lru_cache(maxsize=8)
def registries(lexicon: Lexicon) -> tuple[Registry, ...]:
    """Return the registries of the vocabulary that have a pattern."""
    return tuple(
        Registry(c, c.note(TKG.numberStem), _compiled(c.note(TKG.pattern)), _search(c))
        for c in lexicon.concepts("registry")
        if c.note(TKG.pattern)
    )


def spread_out(text: str, lexicon: Lexicon) -> tuple[Registry, str] | None:
    """Return the one registry and number that all of `text` is, but for blanks or commas within it."""
    if not _SPREAD.fullmatch(text):
        return None
    found = [(r, number) for r in registries(lexicon) if (number := r._spread_out(text))]
    return found[0] if len(found) == 1 else None


def registry_of_header(header: str, lexicon: Lexicon) -> Registry | None:
    """Return the one registry that the header of a column names ("NCT number"), None when there are more or none."""
    named = {match.concept for match in lexicon.scan("registry", header)}
    found = [registry for registry in registries(lexicon) if registry.concept in named]
    return found[0] if len(found) == 1 else None


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _search(concept: Concept) -> re.Pattern[str] | None:
    pattern = concept.note(TKG.searchPattern)
    return re.compile(pattern, re.ASCII) if pattern else None
