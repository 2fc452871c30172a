"""Every colour of text can be read on every ground that it stands on, light and dark (WCAG 2.2, 1.4.3)."""

import re

import pytest

from api.templating import STATIC
from kg.model import Label

CSS = (STATIC / "pages.css").read_text(encoding="utf-8")
THEMES = [
    dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
]
INKS = ["ink", "soft", "accent", *(label.value.lower() for label in Label)]


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
@pytest.mark.parametrize("ground", ["paper", "mark"])
@pytest.mark.parametrize("ink", INKS)
def test_text_stands_out(theme: dict[str, str], ground: str, ink: str) -> None:
    assert contrast(theme[ink], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_edges_of_controls_can_be_seen(theme: dict[str, str]) -> None:
    assert contrast(theme["edge"], theme["paper"]) >= 3
