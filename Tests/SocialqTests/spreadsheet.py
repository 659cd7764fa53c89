"""Prints the cells of a flat OpenDocument spreadsheet as JSON: rows of [type, value], null for none.

A type is LibreOffice's own: string, float, date, boolean, percentage or currency.
"""

import json
import sys
import xml.etree.ElementTree as xml

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def text_of(node):
    """The characters of a paragraph, whose spaces, tabs and line ends may be elements."""
    text = node.text or ""
    for child in node:
        if child.tag == TEXT + "s":
            text += " " * int(child.get(TEXT + "c", "1"))
        elif child.tag == TEXT + "tab":
            text += "\t"
        elif child.tag == TEXT + "line-break":
            text += "\n"
        else:
            text += text_of(child)
        text += child.tail or ""
    return text


def cell(node):
    kind = node.get(OFFICE + "value-type")
    if kind is None:
        return None
    if kind == "string":
        return [kind, "\n".join(text_of(line) for line in node.iter(TEXT + "p"))]
    for name in ("value", "date-value", "time-value", "boolean-value"):
        if node.get(OFFICE + name) is not None:
            return [kind, node.get(OFFICE + name)]
    return [kind, ""]


rows = []
sheet = next(xml.parse(sys.argv[1]).iter(TABLE + "table"))
for row in sheet.iter(TABLE + "table-row"):
    cells = []
    for node in row:
        if node.tag == TABLE + "table-cell":
            # What is repeated to the edge of the sheet is empty.
            repeated = int(node.get(TABLE + "number-columns-repeated", "1"))
            cells += [cell(node)] * (repeated if repeated < 100 else 0)
    if any(cells):
        rows.append(cells)
print(json.dumps(rows))
