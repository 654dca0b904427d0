"""Sources → a whole output folder: graph files, CSV, ledger, validation, report and manifest."""
