"""A build → report.html: what was read, what is doubtful and why, for a reader who knows trials and not RDF."""
