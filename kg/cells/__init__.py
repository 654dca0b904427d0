"""Readers of cells: one text → a value with its spans, rule and findings; one module a kind of cell."""
