"""Prints the records of a CSV file as JSON, as Python's csv module or DuckDB reads them.

usage: csvread.py csv|duckdb FILE
"""

import json
import sys

reader, path = sys.argv[1:]
if reader == "csv":
    import csv

    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
else:
    import duckdb

    # An empty field is NULL unless it is quoted.
    relation = duckdb.connect().sql(
        f"SELECT * FROM read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '\"',"
        " escape = '\"', allow_quoted_nulls = false, auto_detect = false, columns = {"
        + ", ".join(f"'{name}': 'VARCHAR'" for name in next(__import__("csv").reader(open(path))))
        + "})"
    )
    rows = [relation.columns] + [list(row) for row in relation.fetchall()]
print(json.dumps(rows))
