"""The forms in which items are written and read: YAML, text and workbook, each the whole of them."""
