"""What a registry says of interventions and arms → the items that are the treatment, not what it is compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENTRIES = re.compile(r"[|\n]|<br\s*/?>", re.IGNORECASE)
_LABEL = re.compile(r"\s*([^:]{1,80}?)\s*[:：]\s*")
_TYPE = re.compile(
    r"(?:behaviou?ral|biological|combination[_ ]product|device|diagnostic[_ ]test|dietary[_ ]supplement|drug|genetic"
    r"|procedure|radiation|other|experimental|active[_ ]comparator|intervention)",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\s*(?:\+|plus\b|and\b|with\b|combined\b)", re.IGNORECASE)
_ARM = re.compile(r"\b(?:groups?|arms?|cohorts?)\b|\b(?:group|arm|cohort)\s?\d", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:placebo|controls?|sham|saline|(?<!active\s)(?<!active_)comparator|vehicle|no\s(?:intervention|treatment)|blank|untreated)\b"
    r"|\b(?:standard|usual|routine|conventional|basic|regular)\s(?:of\s)?(?:medical\s)?(?:care|treatment|therapy|medication)\b",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"(?:same\svolume\sof\s|iv\s|intravenous\s(?:injection|infusion)\sof\s)?(?:\d[\d.]*\s?(?:%|ml|l)\s(?:of\s)?)*"
    r"(?:normal\s|0\.9\s?%\s|physiological\s|phosphate[ -]buffered\s)*(?:saline|placebo|sham|vehicle|pbs)\b",
    re.IGNORECASE,
)


def active_items(text: str) -> tuple[str, ...]:
    """Return the items of a text of interventions or arms that are not placebo, sham, control or standard care.

    Items are parted by bars, semicolons and line ends; "Biological: " or "Experimental group: " before one is left
    out. An item without a label of an arm belongs to the arm before it.
    """
    return tuple(_active(text))


def _active(text: str) -> Iterator[str]:
    compared = False
    for entry in _ENTRIES.split(text):
        aside = False  # after "Placebo: " up to the next label; a bar ends what it speaks of
        for item in filter(str.strip, entry.split(";")):
            label, words = _labelled(item)
            if _ARM.search(label):
                compared = _COMPARED.search(label) is not None
            elif label:
                aside = _COMPARED.search(label) is not None
            if not compared and not aside and words and not is_comparison(words):
                yield words


def _labelled(item: str) -> tuple[str, str]:
    """Return the label of an item and its words; a label that says what is given is part of the words."""
    match = _LABEL.match(item)
    if match is None:
        return "", item.strip()
    bare = _ARM.search(match[1]) or _TYPE.fullmatch(match[1])
    return match[1], item[match.end() if bare else 0 :].strip()


def is_comparison(words: str) -> bool:
    """Whether an item is only what the treatment is compared with: saline, placebo, standard care and nothing more."""
    match = _COMPARED.match(words)
    return _OPENS.match(words) is not None or (match is not None and not _ADDED.match(words, match.end()))
