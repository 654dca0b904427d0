"""The values of a facet → how alike they are: sets of concepts, and amounts."""
