"""Records → text for people and programs: one JSON object a line, or one row of a spreadsheet."""

from kg.records.sheet import CSV_HEADER as CSV_HEADER
from kg.records.sheet import csv_line as csv_line
from kg.records.sheet import harmless as harmless
from kg.records.sheet import record_row as record_row
from kg.records.sheet import write_csv as write_csv
from kg.records.values import CELL_KEYS as CELL_KEYS
from kg.records.values import record_json as record_json
from kg.records.values import write_jsonl as write_jsonl
