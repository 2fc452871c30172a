"""Addresses of the map: each holds the whole of what is shown, and leads to those that are one click away."""

from collections.abc import Iterable
from urllib.parse import urlencode

Params = Iterable[tuple[str, str]]

QUESTION = ("focus", "q", "paper", "type", "year_from", "year_to", "venue", "min_papers", "weight", "limit")
"""What decides which entities are drawn at first."""

_CHOICE = ("select", "with", "path")
_DEEDS = ("expand", "pin", "hide", "cluster")
STANDALONE = 300
"""Entities in the page that stands alone: it is drawn without WebGL."""


class MapAddress:
    """One address of the map; methods give others, as paths with a query."""

    def __init__(self, params: Params) -> None:
        """Of the parameters of a request; those without a value say nothing."""
        self._params = [(name, value.strip()) for name, value in params if value.strip()]

    def __str__(self) -> str:
        return _address("/map", self._params)

    def values(self, name: str) -> list[str]:
        """The values of a parameter, in order."""
        return [value for each, value in self._params if each == name]

    def kept(self) -> list[tuple[str, str]]:
        """What a form with fields for all filters has to send along."""
        return [(name, value) for name, value in self._params if name in ("pin", "hide", "expand", "paper", "view")]

    def pathless(self, slug: str) -> list[tuple[str, str]]:
        """What a form has to send along that asks for the path from an entity to another."""
        return [*self._without(*_CHOICE), ("select", slug)]

    def choosing(self, slug: str) -> str:
        """An entity is chosen."""
        return self._changed(_CHOICE, ("select", slug))

    def linking(self, one: str, other: str) -> str:
        """The link of two entities is chosen."""
        return self._changed(_CHOICE, ("select", one), ("with", other))

    def cleared(self) -> str:
        """Nothing is chosen."""
        return self._changed((*_CHOICE, "cluster"))

    def expanding(self, slug: str, most: int) -> str:
        """So many more neighbours of an entity are drawn; none where that is 0."""
        others = [each for each in self.values("expand") if each.rpartition(":")[0] != slug]
        added = [*others, f"{slug}:{most}"] if most else others
        return self._changed(("expand",), *(("expand", each) for each in added))

    def hiding(self, slug: str) -> str:
        """An entity is taken off the map, and no longer chosen."""
        return MapAddress([*self._without(*_CHOICE), ("hide", slug)]).unpinning(slug)

    def showing(self, slug: str) -> str:
        """A hidden entity is back."""
        return self._less("hide", slug)

    def pinning(self, slug: str) -> str:
        """An entity is on the map whatever the filters say."""
        return self._changed((), ("pin", slug))

    def unpinning(self, slug: str) -> str:
        """It is no longer."""
        return self._less("pin", slug)

    def opening(self, community: int) -> str:
        """A community is chosen."""
        return self._changed((*_CHOICE, "cluster"), ("cluster", str(community)))

    def everywhere(self) -> str:
        """The map of all papers that the other filters leave."""
        return self._changed((*_CHOICE, *_DEEDS, "at", "focus"))

    def around(self, slug: str) -> str:
        """A map of what surrounds an entity, by the same filters."""
        return self._changed((*_CHOICE, *_DEEDS, "at", "q", "paper", "focus"), ("focus", slug), ("select", slug))

    def naming(self, name: str, slug: str) -> str:
        """Where a name was typed, the entity that it names stands."""
        return self._changed((name,), (name, slug))

    def viewed(self, view: str) -> str:
        """As a list, or as a map."""
        return self._changed(("view",), ("view", view))

    def exported(self, form: str) -> str:
        """A file of what is shown."""
        return _address("/map/export", [*self._without("at", "view", *_CHOICE), ("format", form)])

    def standalone(self) -> str:
        """A page that needs neither WebGL nor a built script."""
        question = [each for each in self._params if each[0] in QUESTION and each[0] != "limit"]
        return _address("/network", [*question, ("limit", str(STANDALONE))])

    def _without(self, *names: str) -> list[tuple[str, str]]:
        return [each for each in self._params if each[0] not in names]

    def _less(self, name: str, value: str) -> str:
        return _address("/map", [each for each in self._params if each != (name, value)])

    def _changed(self, gone: Iterable[str], *added: tuple[str, str]) -> str:
        return _address("/map", [*self._without(*gone), *added])


def _address(path: str, params: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(list(dict.fromkeys(params)))}" if params else path
