"""What the graph says → HTML pages that a person can read."""
