"""A request that is turned away → the plain text that tells its sender why, with status and headers."""

from __future__ import annotations

from kg.serve.tasks import Reply, problem

Headers = tuple[tuple[str, str], ...]


class Refusal(Exception):  # noqa: N818 - not an error of this program
    """Ends a request with an HTTP status and a reason; raised by guards and readers of requests."""

    def __init__(self, status: int, reason: str, headers: Headers = ()) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers

    def reply(self) -> Reply:
        """Return what the sender gets."""
        return problem(self.status, self.reason, self.headers)
