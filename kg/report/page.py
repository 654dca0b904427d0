"""Facts → one self-contained HTML page: no script, nothing loaded from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.report.facts import Facts
from kg.version import __version__

_TEMPLATES = Path(__file__).resolve().parent


def write_page(facts: Facts) -> Iterator[str]:
    """Yield the page as HTML text."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    yield environment.get_template("page.html.j2").render(facts=facts, version=__version__)
    yield "\n"
