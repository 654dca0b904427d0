"""What HTML and JATS share: safe parsing, elements → text, spanning cells → grids, reference lists → works."""
