"""Tables → records: columns, cells and what stands between them."""
