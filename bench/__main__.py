"""Runs every measurement, prints a table and writes it to `var/bench.json`."""

from __future__ import annotations

import json
import sys

from bench import comparison, finder, postcodes
from rpec_site.settings import VAR_DIR


def main() -> None:
    figures = {
        **{
            name if name.startswith("ratio") else f"{name} (ms)": figure
            for name, figure in comparison.measurements().items()
        },
        **postcodes.measurements(),
        **finder.measurements(),
    }
    width = max(map(len, figures))
    for name, figure in figures.items():
        sys.stdout.write(f"{name.ljust(width)}  {figure:10.2f}\n")
    VAR_DIR.mkdir(exist_ok=True)
    (VAR_DIR / "bench.json").write_text(json.dumps(figures, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
