"""Readers of cells: one text → a value with its spans, its rule and its findings; one module a kind of cell."""
