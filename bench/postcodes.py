"""How long a whole postcode directory takes to import, and a postcode to be found in it.

The directory is made up, in the real format and of the real size: sectors of neighbouring councils,
a third of the postcodes ended, some sectors shared by two councils.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.processes import manage, run
from regions.postcodes import AREAS, LETTERS
from rpec_site.settings import BASE_DIR

WHOLE = 2_700_000
SMALL = 10_000
LOOKUPS = 400
ROUNDS = 5
SEED = 20261121

HEADER = (
    "pcd7,pcd8,pcds,dointr,doterm,cty25cd,ced25cd,lad25cd,wd25cd,parncp25cd,usrtypind,east1m,"
    "north1m,gridind,hlth19cd,nhser24cd,ctry25cd,rgn25cd,ssr95cd,pcon24cd,eer20cd,educ23cd,"
    "ttwa15cd,pco19cd,itl25cd,wdstl05cd,oa01cd,wdcas03cd,npark16cd,lsoa01cd,msoa01cd,ruc01ind,"
    "oac01ind,oa11cd,lsoa11cd,msoa11cd,wz11cd,sicbl24cd,bua24cd,ruc11ind,oac11ind,lat,long,"
    "lep21cd1,lep21cd2,pfa23cd,imd20ind,cal24cd,icb23cd,oa21cd,lsoa21cd,msoa21cd,ruc21ind"
)
_ROW = (
    '"{tight}","{wide}","{spaced}","198001","{ended}","E10000015","E58000666","{council}",'
    '"E05013966","E43000290","1","514600","0206900","8","E18000006","E40000007","{country}",'
    '"{region}","5","E14001507","E15000006","E24000005","E30000237","E16000150","E07000240",'
    '"26UGGR","E00120568","26UGGR","E65000001","E01023743","E02004937","5","2B2","E00120568",'
    '"E01023743","E02004937","E33024349","E38000079","E63004441","C1","5A3",51.749084,-0.341337,'
    '"E37000048","","{force}",30564,"E56000035","E54000025","E00120568","E01023743","E02004937",'
    '"1"\n'
)


def write_directory(path: Path, size: int) -> None:
    """Write a directory of `size` postcodes."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{HEADER}\n")
        file.writelines(_rows(size, random.Random(SEED)))  # noqa: S311 (no secret)


def _rows(size: int, chance: random.Random) -> Iterator[str]:
    councils = list(_councils())
    units = [first + second for first in LETTERS for second in LETTERS]
    written = 0
    for outward in _outward_codes():
        council = chance.choice(councils)
        for sector in "0123456789":
            if chance.random() < 0.1:
                council = chance.choice(councils)
            sharing = chance.choice(councils) if chance.random() < 0.15 else council
            for unit in chance.sample(units, 225):
                code, force, region, country = council if chance.random() < 0.7 else sharing
                yield _ROW.format(
                    tight=f"{outward}{sector}{unit}",
                    wide=f"{outward:<4}{sector}{unit}",
                    spaced=f"{outward} {sector}{unit}",
                    ended="199606" if chance.random() < 0.35 else "",
                    council=code,
                    force=force,
                    region=region,
                    country=country,
                )
                written += 1
                if written == size:
                    return


def _outward_codes() -> Iterator[str]:
    for number in range(1, 100):
        for area in sorted(AREAS - {"GIR"}):
            yield f"{area}{number}"


def _councils() -> Iterator[tuple[str, str, str, str]]:
    """Give a council's code with those of its force, region and country."""
    data = BASE_DIR / "regions" / "data"
    tables = {}
    for name in ("areas", "regions", "councils"):
        with (data / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            tables[name] = list(csv.DictReader(lines))
    ons = {row["slug"]: row["ons"].split("|")[0] for row in tables["regions"]}
    areas = {row["slug"]: (row["force"], ons[row["region"]]) for row in tables["areas"]}
    for row in tables["councils"]:
        yield row["gss"], *areas[row["area"]], "E92000001"
    yield "W06000015", "W15000001", "W99999999", "W92000004"
    yield "S12000033", "S23000009", "S99999999", "S92000003"


def measurements() -> dict[str, float]:
    """Return the figures by name: seconds, megabytes, rows, milliseconds and a ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures: dict[str, float] = {}
        lookups = {}
        for label, size in (("10,000", SMALL), ("2.7 million", WHOLE)):
            file, database = folder / f"{size}.csv", folder / f"{size}.sqlite3"
            write_directory(file, size)
            environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
            for command in ("migrate -v0", "load_reference"):
                manage(command.split(), environment)
            empty = database.stat().st_size
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            started = time.perf_counter()
            report = manage(["import_postcodes", str(file)], environment)
            seconds = time.perf_counter() - started
            peak = max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
            file.unlink()
            lookups[size] = environment
            if size == WHOLE:
                figures |= {
                    f"import {label} postcodes (s)": seconds,
                    "its peak memory (MB)": peak / 1024,
                    "rows of the table": float(report.split(" rows")[0].rpartition(" ")[2]),
                    "size of the table (MB)": (database.stat().st_size - empty) / 1e6,
                }
        # In turn, so that a machine that slows down slows both.
        times: dict[int, list[float]] = {SMALL: [], WHOLE: []}
        for _ in range(ROUNDS):
            for size, environment in lookups.items():
                times[size].append(float(run(["-m", "bench.lookups", str(LOOKUPS)], environment)))
        small, whole = (statistics.median(times[size]) for size in (SMALL, WHOLE))
        return figures | {
            "find a postcode among 10,000 (ms)": small,
            "find a postcode among 2.7 million (ms)": whole,
            "ratio: among 2.7 million to among 10,000": whole / small,
        }
