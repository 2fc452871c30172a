"""The palette: every colour of text can be read on the grounds that it stands on, and types can be told apart.

Contrast is that of WCAG 2.2 (1.4.3 and 1.4.11). What people see who lack one kind of cone is worked out with the
matrices for severity 1 of Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
Vision Deficiency" (IEEE TVCG 15 (6), 2009); distances are those of CIE 1976 L*a*b*, in which 2.3 can just be noticed.
"""

import re
from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray

from api.assets import STATIC
from kg.model import Label

SHEETS = {path.name: path.read_text(encoding="utf-8") for path in sorted((STATIC / "css").glob("*.css"))}
TOKENS = SHEETS.pop("tokens.css")
COLOURS = {
    name: {"light": light, "dark": dark}
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS)
}
THEMES = ("light", "dark")
TYPES = [label.lower() for label in Label]
FILLS = [f"{kind}-fill" for kind in (*TYPES, "paper")]
GROUNDS = ("paper", "sheet", "sunk", "mark")
"""What text stands on that has no ground of its own."""

CONES = {
    "all": np.eye(3),
    "no long": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no middle": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no short": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def light_of(colour: str) -> NDArray[np.float64]:
    """Red, green and blue as amounts of light, of a colour in hexadecimal."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted(float(TO_XYZ[1] @ light_of(colour)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def seen(colour: str, cones: str) -> NDArray[np.float64]:
    """A colour in L*a*b*, to eyes with these cones."""
    light = np.clip(CONES[cones] @ light_of(colour), 0, 1)
    x, y, z = (
        np.cbrt(v) if v > 216 / 24389 else (24389 / 27 * v + 16) / 116
        for v in TO_XYZ @ light / np.array([0.95047, 1, 1.08883])
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def declared(sheet: str) -> list[tuple[str | None, str | None]]:
    """Of each rule the tokens of its text and of its ground."""
    found = []
    for rule in re.findall(r"\{([^{}]*)\}", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        ink = re.search(r"(?<![\w-])color: var\(--([\w-]+)\)", rule)
        ground = re.search(r"(?<![\w-])background(?:-color)?: var\(--([\w-]+)\)", rule)
        found.append((ink[1] if ink else None, ground[1] if ground else None))
    return found


RULES = [rule for sheet in SHEETS.values() for rule in declared(sheet)]
# A rule with a ground of its own is the pair that counts; "on-x" stands on x alone, other text on any ground.
INKS = sorted({ink for ink, ground in RULES if ink and not ground and not ink.startswith("on-")})
OWN = {(ink, ground) for ink, ground in RULES if ink and ground}
PAIRS = sorted({*product(INKS, GROUNDS), *OWN, *((ink, ink[3:]) for ink in COLOURS if ink.startswith("on-"))})
AREAS = {ground for ink, ground in RULES if ground and not ink} - set(GROUNDS)


def test_the_measures_are_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert seen("#ff0000", "all") == pytest.approx([53.24, 80.09, 67.20], abs=0.1)
    red, green = (seen(colour, "no middle") for colour in ("#a80000", "#5f5f00"))
    assert np.linalg.norm(red - green) < np.linalg.norm(seen("#a80000", "all") - seen("#5f5f00", "all")) / 3


def test_colours_stand_in_the_palette_alone() -> None:
    for name, sheet in SHEETS.items():
        bare = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", sheet, flags=re.DOTALL)
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\b(?:rgba?|hsla?|oklch|oklab)\(", bare) == [], name


def test_stylesheets_use_what_is_defined() -> None:
    defined = set(re.findall(r"(--[\w-]+):", TOKENS + "".join(SHEETS.values())))
    assert set(re.findall(r"var\((--[\w-]+)", "".join(SHEETS.values()))) <= defined


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out(ink: str, ground: str, theme: str) -> None:
    assert contrast(COLOURS[ink][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "sheet"])
@pytest.mark.parametrize("what", ["edge", "accent", *FILLS])
def test_controls_and_shapes_can_be_seen(what: str, ground: str, theme: str) -> None:
    assert contrast(COLOURS[what][theme], COLOURS[ground][theme]) >= 3


def test_areas_without_text_are_shapes_and_lines() -> None:
    assert {*FILLS, "line", "edge", "thread", "accent", "good"} >= AREAS


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("cones", CONES)
@pytest.mark.parametrize(("names", "least"), [(FILLS[:-1], 10), (TYPES, 5)], ids=["shapes", "words"])
def test_types_are_told_apart_by_everyone(names: list[str], least: float, cones: str, theme: str) -> None:
    colours = {name: seen(COLOURS[name][theme], cones) for name in names}
    distances = {(a, b): float(np.linalg.norm(colours[a] - colours[b])) for a, b in combinations(colours, 2)}
    assert min(distances.values()) >= least, min(distances, key=lambda pair: distances[pair])
