"""Exports of trial registries → one table each, under the headers that the registries' own CSV exports use."""
