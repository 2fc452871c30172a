"""Every colour of text can be read on every ground that it stands on, light and dark (WCAG 2.2, 1.4.3)."""

import re

import pytest

from api.assets import STATIC
from kg.model import Label

CSS = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
PAIRS = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", CSS)
THEMES = [{name: pair[i] for name, *pair in PAIRS} for i in (0, 1)]
GROUNDS = ["paper", "sheet", "sunk", "mark"]
INKS = ["ink", "soft", "accent", "danger", "good", "paper-mark", *(label.value.lower() for label in Label)]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_text_stands_out(theme: dict[str, str], ground: str, ink: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_edges_of_controls_can_be_seen(theme: dict[str, str]) -> None:
    assert contrast(theme["edge"], theme["paper"]) >= 3


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_buttons_can_be_read(theme: dict[str, str]) -> None:
    assert contrast(theme["on-accent"], theme["accent"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "sheet"])
@pytest.mark.parametrize("kind", ["paper", *(label.value.lower() for label in Label)])
def test_shapes_can_be_seen(theme: dict[str, str], ground: str, kind: str) -> None:
    assert contrast(theme[f"{kind}-fill"], theme[ground]) >= 3


def test_every_colour_is_one_of_the_palette() -> None:
    for file in (STATIC / "css").glob("*.css"):
        if file.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", file.read_text(encoding="utf-8")), file.name
