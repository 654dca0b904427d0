"""Sources → tables: one file a layout, chosen by content and never by a file's name (see `choose`)."""
