"""What is to be drawn, in inches → the bytes of a PNG or SVG picture with a text alternative.

A sheet is one figure with one pair of axes over all of it, in inches from the lower left corner: what is measured is
what is drawn. Nothing here knows pyplot, and what is set while drawing is set back afterwards.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import cos, radians, sin
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import OutputError
from kg.similar.draw.svg import finish
from kg.similar.draw.words import clean, drawable, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

Format = Literal["png", "svg"]

WIDTH = 8.0  # inches; 1600 pixels at DOTS
DOTS = 200
EDGE = 0.2
TITLE, BODY, SMALL = 11.0, 7.5, 6.5  # points
INK, FAINT, RULE = "#1a1a1a", "#5a5a5a", "#c8c8c8"
LINE = 1.25  # from line to line, in sizes of the font
_CAPITAL = 0.73  # height of a capital letter, in sizes of the font


class Sheet:
    """One picture in the making; `axes` takes shapes, `put` takes words."""

    def __init__(self, height: float, width: float = WIDTH) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self.figure = Figure(figsize=(width, height), dpi=DOTS, facecolor="white")
        FigureCanvasAgg(self.figure)
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
        self.axes.set_axis_off()
        self._restore: dict[str, str] = {}

    def put(self, x: float, y: float, lines: str | Sequence[str], **look: Any) -> None:
        """Write lines at a place, never read as mathematics.

        `look`: `size` in points, `bold`, `va` (top, center or bottom), `rotation` in degrees around the place, and
        whatever else matplotlib's Text takes. Each line is set by itself: how far apart matplotlib sets lines depends
        on their letters.
        """
        size, bold, va = look.pop("size", BODY), look.pop("bold", False), look.pop("va", "center")
        lines = [lines] if isinstance(lines, str) else lines
        look = {"color": INK, "rotation_mode": "anchor", "fontproperties": _font(bold, size), **look}
        turn = radians(look.get("rotation", 0))
        first = {"top": 0.5, "center": len(lines) / 2, "bottom": len(lines) - 0.5}[va]
        first -= {"top": 1, "center": 0.5, "bottom": 0}[va]
        for number, line in enumerate(lines):
            up = ((first - number) * LINE - _CAPITAL / 2) * size / 72
            self._put_line(x - sin(turn) * up, y + cos(turn) * up, line, look)

    def _put_line(self, x: float, y: float, line: str, look: Mapping[str, Any]) -> None:
        shown = drawable(line, _signs(look["fontproperties"].get_weight() == "bold"))
        made = self.axes.text(x, y, shown, va="baseline", parse_math=False, **look)
        if shown != line:
            made.set_gid(f"words-{len(self._restore) + 1}")
            self._restore[str(made.get_gid())] = line

    def head(self, title: str, note: str) -> float:
        """Write the title and the line below it at the top; return the height that is left below them."""
        across = self.width - 2 * EDGE
        top = self.height - EDGE
        for text, size, bold in ((title, TITLE, True), (note, BODY, False)):
            lines = fit(text, across, size=size, bold=bold)
            color = INK if bold else FAINT
            self.put(EDGE, top, lines, size=size, bold=bold, color=color, va="top", ha="left")
            top -= tall(lines, size) + 0.06
        return top

    def foot(self, caption: str) -> None:
        """Write the caption at the bottom; `foot_height` says beforehand how high it will be."""
        lines = fit(caption, self.width - 2 * EDGE, size=SMALL)
        self.put(EDGE, EDGE, lines, size=SMALL, color=FAINT, va="bottom", ha="left")

    def render(self, form: Format, title: str, description: str) -> bytes:
        """Return the picture as bytes: the same for the same sheet and version of matplotlib."""
        stream = io.BytesIO()
        if form == "png":
            words = {"Title": clean(title), "Description": clean(description), "Software": None}
            self.figure.savefig(stream, format="png", dpi=DOTS, metadata=words)
            return stream.getvalue()
        self.figure.savefig(
            stream, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
        return finish(stream.getvalue(), clean(title), clean(description), self._restore)


def head_height(title: str, note: str, width: float = WIDTH) -> float:
    """Return how many inches the head of a sheet takes, its edge included."""
    parts = ((title, TITLE, True), (note, BODY, False))
    return EDGE + sum(
        tall(fit(text, width - 2 * EDGE, size=size, bold=bold), size) + 0.06 for text, size, bold in parts
    )


def foot_height(caption: str, width: float = WIDTH) -> float:
    """Return how many inches the caption takes, its edge and a gap above it included."""
    return EDGE + tall(fit(caption, width - 2 * EDGE, size=SMALL), SMALL) + 0.12


def fit(text: str, width: float, *, size: float = BODY, bold: bool = False, most: int = 0) -> list[str]:
    """Return `text` cleaned and in lines no wider than `width` inches."""
    return wrap(clean(text), width, lambda line: wide(line, size, bold), most)


@lru_cache(maxsize=20_000)
def wide(line: str, size: float = BODY, bold: bool = False) -> float:
    """Return how many inches a line takes across."""
    from matplotlib.textpath import TextToPath

    across, _, _ = TextToPath().get_text_width_height_descent(
        drawable(line, _signs(bold)), _font(bold, size), False
    )
    return float(across) / 72 * 1.02  # hinting widens a little


def tall(lines: Sequence[str], size: float = BODY) -> float:
    """Return how many inches lines take from top to bottom."""
    return len(lines) * size * LINE / 72


def require() -> None:
    """Raise OutputError when matplotlib or scipy is not installed."""
    try:
        import matplotlib  # noqa: F401
        import scipy  # noqa: F401
    except ImportError as error:
        raise OutputError(
            f"pictures need matplotlib and scipy, and {error.name} is not installed",
            hint='pip install "trialkg[plot]"',
        ) from error


@contextmanager
def drawing() -> Iterator[None]:
    """Make matplotlib draw the same everywhere for a while; OutputError when it or scipy is not installed."""
    require()
    from matplotlib import style

    fixed: Mapping[str, Any] = {
        "font.family": ["DejaVu Sans"],
        "svg.fonttype": "none",
        "svg.hashsalt": "trialkg",
        "path.simplify": False,
        "axes.unicode_minus": False,
    }
    with style.context(["default", dict(fixed)]):
        yield


def _font(bold: bool, size: float) -> FontProperties:
    """DejaVu as it comes with matplotlib: another copy on the machine may differ."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(
        family="DejaVu Sans", weight="bold" if bold else "normal", size=size, fname=str(_font_file(bold))
    )


def _font_file(bold: bool) -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path(), "fonts", "ttf", f"DejaVuSans{'-Bold' if bold else ''}.ttf")


@lru_cache(maxsize=2)
def _signs(bold: bool) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    return frozenset(get_font(str(_font_file(bold))).get_charmap())
