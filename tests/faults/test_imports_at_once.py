"""Two imports of a national file at the same moment leave one of them, whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from regions.postcodes import LETTERS
from tests.processes import ROOT, Site, new_site
from tests.regions.directories import LEEDS, MANCHESTER, write

SECTORS = 100
COUNCILS = """
from regions.models import PostcodeSector
print(sorted(PostcodeSector.objects.order_by().values_list("council", flat=True).distinct()))
print(PostcodeSector.objects.count())
"""


def start_import(site: Site, file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "import_postcodes", str(file)]
    return subprocess.Popen(command, cwd=ROOT, env=site.environment, stdout=subprocess.DEVNULL)


def test_two_imports_at_once_leave_one_directory(tmp_path: Path):
    codes = [
        f"M{number // 10 + 1} {number % 10}A{last}" for number in range(SECTORS) for last in LETTERS
    ]
    files = [
        write(tmp_path / f"{place[0]}.csv", [(code, "", place) for code in codes])
        for place in (MANCHESTER, LEEDS)
    ]
    with new_site(tmp_path, email_url=f"filemail://{tmp_path}/mail", EXAMPLES="off") as site:
        site.manage("import_postcodes", str(files[0]))
        running = [start_import(site, file) for file in (*files, *files)]
        assert [process.wait(timeout=120) for process in running] == [0, 0, 0, 0]
        councils, rows = site.run(COUNCILS).splitlines()
    assert councils in ("['Leeds']", "['Manchester']")
    assert int(rows) == SECTORS
