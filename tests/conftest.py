"""At the end of a run: which real servers took part, by what their tests noted, whichever process ran them."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which servers took part, in how many tests, and which were absent and why."""
    tests: dict[tuple[str, str], set[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for kind, text in getattr(report, "user_properties", ()):
                if kind in ("took part", "absent"):
                    tests.setdefault((kind, text), set()).add(report.nodeid)
    if tests:
        terminalreporter.section("servers")
    for (kind, text), nodes in sorted(tests.items(), reverse=True):
        terminalreporter.write_line(f"{kind}: {text} ({len(nodes)} tests)")
