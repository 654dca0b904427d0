"""An index ↔ one file that opens at once."""
