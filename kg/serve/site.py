"""What a running endpoint knows of itself, in one frozen value: its data's IRIs, its own address, who may ask.

Made once, when the data is loaded and the port is known; every part of `kg serve` that needs one of these
facts is given the `Site`.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.version import __version__

TITLE = "Knowledge graph of clinical trials"


@dataclass(frozen=True, slots=True)
class Site:
    """The facts about one endpoint.

    `bases` are the IRIs that the paths of this server stand for, the most particular first: a path below `/`
    stands for the IRI base + path. `digest` is the SHA-256 of the loaded files. `origin` is scheme, host and
    port without a slash at the end. `cors` are the origins of other sites whose pages may ask ("*": all).
    """

    origin: str
    bases: tuple[str, ...]
    digest: str
    title: str = TITLE
    cors: tuple[str, ...] = ()
    version: str = __version__

    @property
    def endpoint(self) -> str:
        """The URL of the SPARQL endpoint."""
        return f"{self.origin}/sparql"
