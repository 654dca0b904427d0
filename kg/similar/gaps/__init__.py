"""What was tried → what was not: combinations of disease, cell source and route, ranked with their evidence."""
