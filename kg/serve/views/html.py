"""A template and its values → a reply in HTML: every text escaped, no script, nothing from elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.serve.tasks import Reply
from kg.version import __version__

if TYPE_CHECKING:
    import jinja2

HTML = "text/html"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_TEMPLATES = Path(__file__).resolve().parent / "templates"


def html_reply(template: str, **values: object) -> Reply:
    """Return the page that `template` makes of `values`."""
    text = environment().get_template(template).render(version=__version__, **values)
    headers = (("Content-Security-Policy", POLICY),)
    return Reply(200, f"{HTML}; charset=utf-8", text.encode("utf-8", "replace"), headers)


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """Return the templates, read once in a process."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def style_sheet() -> bytes:
    """Return the style sheet of all pages."""
    return (_TEMPLATES / "style.css").read_bytes()
