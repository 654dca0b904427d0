"""Rows that have lost their borders → cells, by the best overall cut in header order."""
