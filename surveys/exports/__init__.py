"""A wave's answers as files for other tools. Pure: what may go out is decided by ``protection``, then written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from surveys.exports import delimited, parquet, records, spss, workbook
from surveys.exports.protection import Release

__all__ = ["FORMS", "Form", "Release"]


class Form(msgspec.Struct, frozen=True):
    """A kind of file: how it is written (in pieces, in the language of the labels), its name's end and its type."""

    write: Callable[[Release, str], Iterator[bytes]]
    extension: str
    media_type: str


CSV = "text/csv; charset="
FORMS = {
    "csv": Form(delimited.with_mark, "csv", CSV + "utf-8"),
    "csv-plain": Form(delimited.plain, "csv", CSV + "utf-8"),
    "csv-gb18030": Form(delimited.chinese, "csv", CSV + "gb18030"),
    "xlsx": Form(workbook.write, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "sav": Form(spss.write, "sav", "application/x-spss-sav"),
    "parquet": Form(parquet.write, "parquet", "application/vnd.apache.parquet"),
    "json": Form(records.write, "json", "application/json"),
}
"""Every form an export can have, by the name that page, API and command line use."""
