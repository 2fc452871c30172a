import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def folder(data_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_folder, tmp_path / "data"))


def kg(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KG_")}  # noqa: TID251 - a clean child
    return subprocess.run(
        [sys.executable, "-m", "kg.cli", *args, "--data", str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def break_a_title(folder: Path) -> None:
    for file in (folder / "search.sqlite", folder / "snapshots" / (folder / "current").read_text() / "search.sqlite"):
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("UPDATE papers SET title = 'Other' WHERE id = 'mt'")


def test_what_the_indexes_hold(folder: Path) -> None:
    found = json.loads(kg(folder, "index", "--json").stdout)
    assert (found["papers"], found["entities"], found["level"]) == (16, 8, True)
    assert found["cells"] > 16
    assert found["files"]["search.sqlite"] > 0
    assert found["files"]["incidence/by_paper.data.npy"] == 128 + 4 * found["cells"]
    told = kg(folder, "index").stdout
    assert "incidence/roles.npy" in told
    assert "cut off" not in told
    with closing(sqlite3.connect(folder / "search.sqlite")) as db, db:
        db.execute("UPDATE state SET value = '' WHERE key = 'clean'")
    assert "was cut off" in kg(folder, "index").stdout


def test_a_broken_index_is_found_and_made_anew(folder: Path) -> None:
    good = kg(folder, "verify")
    assert (good.returncode, good.stdout) == (0, "16 papers: the indexes are what the graph gives.\n")
    break_a_title(folder)
    bad = kg(folder, "verify")
    assert bad.returncode == 1
    assert "search: mt: is stored as 'Other'; the graph says 'Attention for translation'" in bad.stdout
    assert "16 papers: 1 difference. Make the indexes anew with: kg index --rebuild" in bad.stdout
    assert kg(folder, "index", "--rebuild").returncode == 0
    again = kg(folder, "verify", "--sample", "3", "--shapes", "--json")
    assert (again.returncode, json.loads(again.stdout)) == (0, {"papers": 3, "differences": []})
