"""Questions as files: queries/*.rq → catalogue, bound query, answer, text in one of the formats."""
