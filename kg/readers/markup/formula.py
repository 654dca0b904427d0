"""Formulas in MathML or TeX → pieces of plain text, as far as a table's cell needs them: "10⁶", "×", "kg/m²"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.readers.markup.pieces import Piece

_BODY = re.compile(r"\\begin\{document\}(?P<body>.*?)\\end\{document\}", re.DOTALL)
_FENCE = re.compile(r"^\s*(?:\$\$?|\\\(|\\\[)|(?:\$\$?|\\\)|\\\])\s*$")
_TOKEN = re.compile(
    r"\\(?P<name>[A-Za-z]+)|\\(?P<sign>.)|(?P<raise>\^)|(?P<lower>_)|(?P<text>[^\\^_{}]+|.)", re.DOTALL
)
_GROUP = re.compile(r"\s*(?:\{(?P<inner>(?:[^{}]|\{[^{}]*\})*)\}|(?P<one>\\[A-Za-z]+|.))", re.DOTALL)
_SIGNS = {
    "times": "×", "cdot": "·", "pm": "±", "sim": "~", "approx": "≈", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "mu": "µ", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "kappa": "κ", "dagger": "†", "ddagger": "‡",
    "quad": " ", "qquad": " ", "to": "→", "rightarrow": "→", "ast": "*", "degree": "°", "circ": "°", "infty": "∞",
}  # fmt: skip
_LONGEST = 2000  # characters; what is longer is no cell's formula and is kept as it stands


def read_tex(text: str) -> Iterator[Piece]:
    """Yield the text of a TeX formula, its exponents raised; commands that are not known are left out."""
    match = _BODY.search(text[: 4 * _LONGEST])
    body = _FENCE.sub("", _FENCE.sub("", match["body"] if match else text))
    yield from _tokens(body, raised=False) if len(body) <= _LONGEST else (Piece(text),)


def _tokens(text: str, *, raised: bool) -> Iterator[Piece]:
    at = 0
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match["raise"] or match["lower"]:
            group = _GROUP.match(text, at)
            if group:
                at = group.end()
                inner = group["inner"] if group["inner"] is not None else group["one"]
                yield from _tokens(inner, raised=bool(match["raise"]))
        elif match["name"]:
            yield Piece(_SIGNS.get(match["name"], ""), raised)
        elif match["sign"]:
            yield Piece(match["sign"] if match["sign"] in "%&#_$" else " ", raised)
        elif match["text"] not in "{}":
            yield Piece(match["text"].replace("~", " "), raised)
