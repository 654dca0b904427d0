"""What is still free of a cell that holds several things → its doses, its routes, how often they are given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.cells.claims import MASK, Claims, Found, found
from kg.cells.clauses import clauses, joining
from kg.cells.read import CellReader
from kg.model import Span, State

_LEVEL = (
    r"(?:low|high|medium|middle|mid|intermediate|(?:cohort|group|level|arm|dose)(?:\s?\d|\s[A-Z]\b))"
    r"(?:\s?-?dose)?(?:\s\w+)?:"
)
_LIST_GAP = re.compile(
    r"(?:\s?\([^()\d]*\))?\s*(?:[,;/|&+]|,?\s?(?:or|and|to|then|versus|vs)\b\.?)?\s*"
    rf"(?:{_LEVEL}\s*)?",
    re.IGNORECASE,
)
_ROUTE_GAP = re.compile(
    r"\s*(?:[,/&+(]|,?\s?\b(?:or|and|then|followed by|plus|with|via|by|into|in|the|and/or)\b)*[\s(]*",
    re.IGNORECASE,
)
_ROUTE_NOUN = re.compile(
    r"[\s-]*\b(?:(?:bolus|drip|slow)\s)?(?:injections?|infusions?|administrations?|delivery|transfusions?|drip"
    r"|transplantations?|implantations?|routes?|instillations?|inhalations?)\b(?:\s(?:into|in|to|of)\sthe\sblood)?",
    re.IGNORECASE,
)
_ROUTE_VERB = re.compile(
    r"\b(?:injected|infused|administered|delivered|implanted|transplanted|instilled|inhaled|given)\s"
    r"(?:directly\s)?(?:into|in|to|through|at|around|via|by)(?:\s(?:the|an?|both))?\s?$",
    re.IGNORECASE,
)
_LONGEST_VERB = 60  # characters of a verb with its preposition
_QUALIFIER = re.compile(
    r"(?:\b(?:up\sto|at\s(?:least|most)|about|around|approximately|approx\.?|circa|ca\.?|maximum(?:\sof)?|minimum(?:\sof)?"
    rf"|max\.?|min\.?|(?:more|less|fewer)\sthan|(?:a\s)?total(?:\sdose)?\sof)|[~∼≈<>≤≥]|\b{_LEVEL})\s?$",
    re.IGNORECASE,
)
# words behind a dose or a route that belong to it, up to a mark, a claim, or a word that opens something else
_OTHER = (
    r"(?:followed|then|and|or|plus|given|inject\w*|administ\w*|infus\w*|deliver\w*|implant\w*|transplant\w*|via|by|at|on"
    r"|over|for|with|as|from|to|into|through|of|combined|using|every|once|twice|daily|weekly|monthly|versus|vs)\b"
)
_MORE = {
    "dose": re.compile(
        rf"\s?\([^()\d;]*\)|(?:/|\s(?=\w)(?!{_OTHER}))(?:(?!\s{_OTHER})[^,;:()\[\]|])*(?<=[\w²³])",
        re.IGNORECASE,
    ),
    "route": re.compile(
        r"\s(?:at|into|in|to|through|around|during|within|under|near)\s(?:(?!\s(?:of|via|by|for|with)\s*;)[^\d,;:()\[\]|])*(?<=\w)",
        re.IGNORECASE,
    ),
}
_STOP = re.compile(r"[,;:.(]+\s*")
_NEGATION = re.compile(r"\b(?:no|not|never|without|unless)\b", re.IGNORECASE)
# a bracket behind a name holds its amount; behind an amount it says the same in other words
_ASIDE = re.compile(r"((?:^|[;,:])[^;,:()\d]*)\(([^()]*)\)")


# ---------------------------------------------------------------- doses


def find_doses(key: str, claims: Claims, reader: CellReader) -> Found | None:
    """Take amounts with a unit or a power of ten, and what joins them; "up to" before one belongs to it."""
    text = _ASIDE.sub(lambda match: f"{match[1]};{match[2]};", claims.masked())
    reading = reader.read(key, text)
    if reading.state is not State.MAPPED or reading.rule == "dose.number":
        return None
    doses = [dose.span for dose in reading.value if dose.unit or dose.status != "ambiguous"]
    return found(_qualified(text, span) for span in _chained(text, doses, _LIST_GAP))


def _qualified(text: str, span: Span) -> Span:
    """Return `span` with the words before it that qualify it: "up to 10⁶ cells"."""
    match = _QUALIFIER.search(text, 0, span.start)
    return Span(match.start(), span.end) if match else span


def more_words(key: str, claims: Claims, reader: CellReader) -> tuple[Span, ...]:
    """Return the free words right behind a dose or a route that say more of it: "200 µg total protein".

    They reach to the next mark or claim. What begins something else ("followed by") is left alone, and so is the
    name of the product behind its amount: "50 million autologous marrow cells".
    """
    pattern = _MORE.get(key)
    text = claims.masked()
    if pattern is None:
        return ()
    found = (pattern.match(text, span.end) for span in claims.of(key))
    more = [match for match in found if match and match.group().strip(" ()")]
    if key == "dose":
        more = [match for match in more if not reader.lexicon.scan("product", match.group())]
    return tuple(Span(match.start(), match.end()) for match in more)


# ---------------------------------------------------------------- routes, frequency


def find_routes(key: str, claims: Claims, reader: CellReader) -> Found | None:
    """Take routes with the nouns and verbs around them: "injected into the hepatic artery", "IV infusion"."""
    text = claims.masked()
    reading = reader.read(key, text)
    if reading.state is not State.MAPPED:
        return None
    sure = [span for span in reading.spans if not text[: span.start].endswith(f"{MASK}/")]  # "10 µg/drop"
    core = tuple(with_noun(text, span) for span in _chained(text, sure, _ROUTE_GAP))
    spans = tuple(_with_verb(text, span) for span in core)
    return Found(spans, core if spans != core else ()) if spans else None


def with_noun(text: str, span: Span) -> Span:
    """Return the place of a route with the noun behind it: "IV infusion", "intrathecal administration"."""
    match = _ROUTE_NOUN.match(text, span.end)
    end = match.end() if match else span.end
    if text.count("(", span.start, end) > text.count(")", span.start, end) and text[end : end + 1] == ")":
        end += 1
    elif text[end - 1 : end + 1] == "v." or (text[end : end + 1] == "." and text[end - 2 : end - 1] == "."):
        end += 1  # the last full stop of "i.v." is not in the word
    return Span(span.start, end)


def _with_verb(text: str, span: Span) -> Span:
    verb = behind_verb(text, span.start)
    return span if verb is None else Span(verb, span.end)


def behind_verb(text: str, at: int) -> int | None:
    """Return where the verb starts that leads to the place named at `at` ("injected around the"), None without one."""
    match = _ROUTE_VERB.search(text, max(0, at - _LONGEST_VERB), at)
    return match.start() if match else None


def find_times(key: str, claims: Claims, reader: CellReader) -> Found | None:
    """Take counts, rates, intervals and days. The route stays legible: "3 intravenous infusions" is a count."""
    text = claims.masked(but=("route",))
    reading = reader.read(key, text)
    if reading.state is not State.MAPPED and _NEGATION.search(text):
        return None
    bare = reading.state is State.MAPPED and reading.rule == "schedule.number"
    spans = reading.spans if bare else _clauses(text)
    spans = _glued(claims.text, spans)
    joined = " ; ".join(claims.text[s.start : s.end] for s in spans)
    if not spans or reader.read(key, joined).state is not State.MAPPED:
        return None
    return Found(spans, spans)


def _clauses(text: str) -> tuple[Span, ...]:
    """Return the places of all clauses: the search for them ends in foreign words, and begins again behind a mark."""
    found: list[Span] = []
    end = 0
    for start in (0, *(match.end() for match in _STOP.finditer(text))):
        for clause in clauses(text, start) if start >= end else ():
            found.append(Span(clause.start, clause.end))
            end = clause.end
    return tuple(found)


def _glued(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join clauses with nothing but joining marks between: "once a week, for 4 weeks"."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and joining(text[joined[-1].end : span.start]):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)


def _chained(text: str, spans: Iterable[Span], gap: re.Pattern[str]) -> tuple[Span, ...]:
    """Join the spans with nothing but a joining word or mark between them."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        if joined and gap.fullmatch(text, joined[-1].end, span.start):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return tuple(joined)
