"""``python -m benchmarks [NAME …] [--no-peers]``: run the measurements named, or all."""

from __future__ import annotations

import argparse
import os
import platform
from importlib import import_module

NAMES = ("full_response", "first_page", "large", "factory", "columns", "report", "scale", "item_analysis", "exam")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all where none is named")
    parser.add_argument("--no-peers", action="store_true", help="leave out what needs .venv-bench")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    missed = 0
    for name in given.names or NAMES:
        print(f"\n{name}")
        for figure in import_module(f"benchmarks.{name}").measure(peers=not given.no_peers):
            print("  " + figure.line(), flush=True)
            missed += not figure.holds
    print(f"\n{missed} limits missed" if missed else "\nall limits hold")


if __name__ == "__main__":
    main()
