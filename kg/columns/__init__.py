"""Headers and cells → what each column of a table means, with the evidence for it."""
