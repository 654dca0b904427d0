"""The text before and after a table → its label, caption, title, DOI and legend."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import unquote

from kg.errors import shorten
from kg.model import Finding, Line, Severity
from kg.vocabulary.text import squeeze

_LABEL = re.compile(
    r"(?P<kind>(?:supplementa(?:ry|l)\s+|extended\s+data\s+)?(?:table|tab\.))\s+"
    r"(?P<number>[A-Z]?\d+[a-z]?|[IVXL]+)(?![\w-])\s*(?:\((?P<more>cont[^)]*)\))?\s*[.:|–—]?\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_FIELD = re.compile(r"(?P<key>title|caption|from|doi|label)\s*(?::|\t)\s*(?P<value>.+)", re.IGNORECASE)
_NAVIGATION = re.compile(
    r"(?:(?:skip|jump|back|return|go) to|open in (?:a )?new|full[- ]size table|view (?:table|larger))\b"
    r".{0,40}",
    re.IGNORECASE,
)
_DOI = re.compile(
    r"(?:(?P<said>\bdoi\s*(?::|=|\s)\s*|doi\.org/)\s*)?(?P<doi>\b10\.\d{4,9}/[^\s\"<>]{1,200})", re.IGNORECASE
)
_LEAD = re.compile(
    r"(?:abbreviations?|footnotes?|notes?|legend|key|definitions?)\b\s*(?:used\b[^:]*)?[:.]", re.IGNORECASE
)
_MARKED = re.compile(r"[*†‡§¶‖#]+\s*\w")
_PAIR = re.compile(r"(?P<form>[^\s,;:=]{1,24})(?:\s*[,:=–—]\s*|\s+)(?P<words>\w.*)", re.DOTALL)
_SEMICOLON = re.compile(r"\s*;\s*")
_COMMA = re.compile(r",\s+")
_LEAST_PAIRS = 3
_KEY = re.compile(r"\d{5}")  # as in the number of a trial
_LONGEST_EXPANSION = 12  # words; a row that happens to open like "CHD chorion …" goes on for longer
_WORDS = re.compile(r"[^\W\d_]{3,}")


class Preamble(NamedTuple):
    """What stands before a header. Empty strings where the source says nothing."""

    label: str = ""
    caption: str = ""
    title: str = ""
    doi: str = ""
    findings: tuple[Finding, ...] = ()


def read_preamble(lines: Sequence[str]) -> Preamble:
    """Read the lines before a header, in order.

    "Table 2." is the label, what follows it the caption; without a label the last line is the caption. The
    first line before that is the title. Navigation of a web page and the line with the DOI are neither.
    """
    texts = [text for text in (squeeze(line.lstrip("#; ")) for line in lines) if text]
    fields = {m["key"].lower(): m["value"].strip() for m in map(_FIELD.fullmatch, texts) if m}
    doi, findings = find_doi(texts)
    plain = [t for t in texts if not (_FIELD.fullmatch(t) or is_navigation(t) or _is_citation(t))]
    label, before, after = _around_label(plain)
    return Preamble(
        label=find_label(fields.get("label", "")) or label,
        caption=fields.get("caption") or " ".join(after),
        title=fields.get("title") or fields.get("from") or next(iter(before), ""),
        doi=doi,
        findings=findings,
    )


def find_label(line: str) -> str:
    """Return the label that `line` begins with, e.g. "Table 2", or ""."""
    match = _LABEL.match(squeeze(line))
    return _label(match) if match else ""


def find_doi(texts: Sequence[str]) -> tuple[str, tuple[Finding, ...]]:
    """Return the first DOI, preferring one that is said to be one, and a warning when there are others."""
    matches = [match for text in texts for match in _DOI.finditer(text)]
    said = [m for m in matches if m["said"]] or matches
    dois = list(dict.fromkeys(_clean_doi(m) for m in said))
    if len({doi.lower() for doi in dois}) < 2:
        return next(iter(dois), ""), ()
    message = (
        f"several DOIs stand before the table; {dois[0]!r} was taken, not {', '.join(map(repr, dois[1:]))}"
    )
    hint = "remove the other ones from the text before the table"
    return dois[0], (
        Finding(Severity.WARNING, "doi-ambiguous", "table", message, raw=" ".join(dois), hint=hint),
    )


def looks_like_legend(text: str) -> bool:
    """Whether `text` explains abbreviations: it says so, or much of it are pairs such as "BM bone marrow".

    A pair is an abbreviation at the start of a part, followed by words that begin with its first letter; the
    test needs no list of abbreviations, and a row of a table does not pass it.
    """
    flat = squeeze(text)
    if _LEAD.match(flat):
        return True
    parts = (_SEMICOLON if ";" in flat else _COMMA).split(flat.rstrip(".; "))
    if _alternates(parts):
        parts = [f"{form} {words}" for form, words in zip(parts[::2], parts[1::2], strict=True)]
    pairs = [pair for pair in map(_PAIR.match, parts) if pair and _explains(pair)]
    if len(pairs) == len(parts):
        return len(pairs) > 1 or _spells(pairs[0])
    return len(pairs) >= _LEAST_PAIRS and 3 * len(pairs) >= len(parts)


def is_navigation(text: str) -> bool:
    """Whether `text` is a link of the page around the table, such as "Open in a new tab"."""
    return bool(_NAVIGATION.fullmatch(squeeze(text)))


def left_out(lines: Sequence[Line]) -> Finding:
    """Return the remark that `lines`, at least one, belong to the page and not to the table."""
    first, last = lines[0], lines[-1]
    place = f"line {first.number}" if first is last else f"lines {first.number} to {last.number}"
    message = f"{place}: text of the page, not of the table, was left out"
    return Finding(Severity.INFO, "page-text", "table", message, raw=shorten(first.text))


def looks_like_note(text: str) -> bool:
    """Whether `text` is a footnote of a table: it begins with a footnote mark or a word such as "Note:"."""
    flat = squeeze(text)
    return bool(_MARKED.match(flat) or _LEAD.match(flat))


def _is_citation(text: str) -> bool:
    """Whether `text` has a DOI and next to no words beside it."""
    return bool(_DOI.search(text)) and len(_WORDS.findall(_DOI.sub(" ", text))) < 5


def _around_label(texts: list[str]) -> tuple[str, list[str], list[str]]:
    """Return the label nearest to the header, the lines before it, and the caption's lines."""
    for index in range(len(texts) - 1, -1, -1):
        match = _LABEL.match(texts[index])
        if match:
            rest = [match["rest"]] if match["rest"] else []
            return _label(match), texts[:index], rest + texts[index + 1 :]
    return "", texts[:-1], texts[-1:]


def _label(match: re.Match[str]) -> str:
    kind = squeeze(match["kind"]).capitalize()
    return f"{kind} {match['number']}"


def _clean_doi(match: re.Match[str]) -> str:
    doi = match["doi"]
    if (match["said"] or "").lower().endswith("doi.org/"):
        doi = unquote(doi)
    while doi and (doi[-1] in ".,;:'’”]}>|" or (doi[-1] == ")" and doi.count(")") > doi.count("("))):
        doi = doi[:-1]
    return doi


def _alternates(parts: Sequence[str]) -> bool:
    """Whether every other part is one word: "BM, bone marrow, UC, umbilical cord"."""
    return len(parts) > 1 and len(parts) % 2 == 0 and not any(" " in part for part in parts[::2])


def _explains(pair: re.Match[str]) -> bool:
    form, following = pair["form"], pair["words"]
    first = next(filter(str.isalnum, form), "")
    shortened = any(map(str.isupper, form)) or any(map(str.isdigit, form)) or "." in form[:-1]
    begins = first.lower() == following[0].lower() and not following.startswith(form)
    return (
        shortened
        and begins
        and len(following.split()) <= _LONGEST_EXPANSION
        and not _KEY.search(pair.group())
    )


def _spells(pair: re.Match[str]) -> bool:
    """Whether the first letters of the words are the abbreviation's letters: MSC, mesenchymal stem cell."""
    letters = "".join(filter(str.isalpha, pair["form"])).lower().rstrip("s")
    initials = "".join(word[0] for word in re.findall(r"\w+", pair["words"])).lower()
    return len(letters) > 1 and letters == initials
