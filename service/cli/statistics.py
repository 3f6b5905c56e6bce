"""``wenheng stats METHOD --data FILE``: every statistic from a CSV, without a database, to be checked against R.

The methods themselves are registered by the modules of ``service.cli.methods``.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.console import FILE, Fault, answer

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

NOTHING = ["", "NA", "NS"]  # skipped, not applicable, not shown: as our own exports write them
FAMILIES = ("surveys", "tables", "comparisons", "exams", "monitoring")
NO_VALUE = "–"
LIBRARIES = ("wenheng", "numpy", "polars", "scipy")


class Table:
    """A CSV whose columns are asked for by name."""

    def __init__(self, path: Path) -> None:
        self.path, self.content = path, path.read_bytes()

    @cached_property
    def frame(self) -> pl.DataFrame:
        import polars as pl

        try:
            return pl.read_csv(io.BytesIO(self._text().encode()), null_values=NOTHING, infer_schema_length=None)
        except pl.exceptions.PolarsError as error:
            raise Fault("cli.unreadable", file=self.path.name, reason=error) from None

    def _text(self) -> str:
        """UTF-8, or the encoding of Chinese spreadsheets."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.content.decode("gb18030", errors="replace")

    def column(self, name: str) -> pl.Series:
        if name not in self.frame.columns:
            raise Fault("cli.no_column", file=self.path.name, column=name, known=", ".join(self.frame.columns))
        return self.frame[name]

    def texts(self, name: str) -> pl.Series:
        import polars as pl

        return self.column(name).cast(pl.String)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The column, NaN for nothing. Raises Fault where it holds words."""
        import polars as pl

        column = self.column(name)
        if column.dtype != pl.Null and not column.dtype.is_numeric():
            raise Fault("cli.not_numbers", file=self.path.name, column=name)
        return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def names(self, chosen: str | None) -> list[str]:
        """The columns named, separated by commas, or all that hold numbers."""
        if chosen:
            return [each.strip() for each in chosen.split(",")]
        return [name for name, dtype in self.frame.schema.items() if dtype.is_numeric()]

    def matrix(self, chosen: str | None) -> NDArray[np.float64]:
        """The columns named as people × items."""
        import numpy as np

        names = self.names(chosen)
        if not names:
            raise Fault("cli.not_numbers", file=self.path.name, column="*")
        return np.column_stack([self.numbers(name) for name in names])


class Methods(click.Group):
    """Knows its commands only once somebody asks for them."""

    def _load(self) -> None:
        for family in FAMILIES:
            import_module(f"service.cli.methods.{family}")

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._load()
        return super().get_command(ctx, cmd_name)


@click.group(cls=Methods)
def stats() -> None:
    """Run one statistical method on a CSV file, without any database."""


Option = Callable[[Any], Any]

COLUMNS = click.option("--columns", help="Names separated by commas; default: all that hold numbers.")


def method(name: str, *options: Option, data: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of a ``Table`` and its options as the command ``name``; its docstring is the help.

    Without ``data`` it is a function of its options alone.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(as_json: bool, data: Path | None = None, **chosen: Any) -> None:
            table = Table(data) if data else None
            try:
                result = function(table, **chosen) if table else function(**chosen)
            except ValueError as error:
                raise Fault("cli.statistics", reason=error) from None
            record = recorded(name, table, chosen, result)
            answer(record, as_json, "\n".join(lines(record["result"])))

        command = click.command(name, help=function.__doc__)
        for option in reversed(options):
            run = option(run)
        run = click.option("--json", "as_json", is_flag=True)(run)
        if data:
            run = click.option("--data", type=FILE, required=True, help="A CSV file.")(run)
        stats.add_command(command(run))
        return function

    return register


def recorded(name: str, table: Table | None, chosen: dict[str, Any], result: Any) -> dict[str, Any]:
    """The result with all that is needed to get it again."""
    import msgspec

    return {
        "method": name,
        "data": table.path.name if table else None,
        "data_hash": hashlib.sha256(table.content).hexdigest() if table else "",
        "parameters": {key: value for key, value in chosen.items() if value not in (None, ())},
        "library_versions": {library: version(library) for library in LIBRARIES},
        "result": msgspec.to_builtins(result, enc_hook=lambda found: found.tolist()),
    }


def lines(found: Any, name: str = "") -> list[str]:
    """A result for people: a line for each figure, an estimate with its interval and n."""
    if isinstance(found, dict) and "n_valid" in found and "method" in found:
        low, high = (shown(found.get(bound)) for bound in ("ci_low", "ci_high"))
        interval = "" if low == high == NO_VALUE else f" [{low}, {high}]"
        p = found.get("params", {}).get("p")
        test = "" if p is None else f" p={shown(p)}"
        return [f"{name or found['method']}: {shown(found['value'])}{interval} n={found['n_valid']}{test}"]
    if isinstance(found, dict):
        parts = [(str(key), value) for key, value in found.items()]
    elif isinstance(found, list) and any(isinstance(each, dict | list) for each in found):
        parts = [(str(place), value) for place, value in enumerate(found, start=1)]
    else:
        values = found if isinstance(found, list) else [found]
        return [f"{name}: {' '.join(map(shown, values)) or NO_VALUE}"]
    return [line for key, value in parts for line in lines(value, f"{name}.{key}" if name else key)]


def shown(value: Any) -> str:
    if value is None:
        return NO_VALUE
    return f"{value:.6g}" if isinstance(value, float) else str(value)
