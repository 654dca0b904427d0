"""Graph files → graphs in a triple store elsewhere, checked before they are sent and after they arrived."""
