"""scripts/screenshots: pictures of pages in each look, and a page to look through them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.chromium import find_chromium

ROOT = Path(__file__).resolve().parent.parent
WEBP, PNG = b"RIFF", b"\x89PNG"


def pictures(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/pictures.py"), *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def size(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG."""
    head = picture.read_bytes()[:24]
    assert head.startswith(PNG)
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium was found")
def test_each_look_is_taken_and_can_be_looked_through(data_folder: Path, tmp_path: Path) -> None:
    done = pictures("--data", data_folder, "--out", tmp_path, "--only", "papers", "--only", "no-page")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "index.html")
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    for name in ("papers", "no-page"):
        widths = {look: size(tmp_path / f"{name}-{look}.png")[0] for look in ("light", "dark", "phone", "4k", "print")}
        assert widths == {"light": 1440, "dark": 1440, "phone": 360, "4k": 3840, "print": 720}
        assert f'src="{name}-phone.png"' in index
    light, dark = ((tmp_path / f"papers-{look}.png").read_bytes() for look in ("light", "dark"))
    assert light != dark


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium was found")
def test_one_look_can_be_taken_alone(data_folder: Path, tmp_path: Path) -> None:
    done = pictures("--data", data_folder, "--out", tmp_path, "--only", "papers", "--look", "print")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.glob("*.png")] == ["papers-print.png"]


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium was found")
def test_those_of_the_readme_are_small(data_folder: Path, tmp_path: Path) -> None:
    done = pictures("--data", data_folder, "--out", tmp_path, "--readme")
    assert done.returncode == 0, done.stderr
    for name in ("map", "paper", "entity"):
        picture = (tmp_path / f"{name}.webp").read_bytes()
        assert picture.startswith(WEBP)
        assert 5_000 < len(picture) <= 250_000


def test_a_page_that_there_is_not_is_an_error(data_folder: Path, tmp_path: Path) -> None:
    done = pictures("--data", data_folder, "--out", tmp_path, "--only", "paperz")
    assert done.returncode == 1
    assert "no page is called paperz; there are start, map," in done.stderr


def test_a_folder_without_a_graph_is_an_error(tmp_path: Path) -> None:
    done = pictures("--data", tmp_path / "none")
    assert done.returncode == 1
    assert "holds no graph yet" in done.stderr
