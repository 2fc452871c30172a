"""Extractors of other people, by name: ``module:factory`` or ``module:factory?key=value&key=value``.

The factory is called with the keys as keyword arguments, all of them text, and returns what the protocol
``Extractor`` asks for. Modules are looked for where Python looks, and then in the working directory.
"""

import difflib
import importlib
import json
import sys
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl

from kg.errors import ExtractionError
from kg.extract.checked import CheckedExtractor
from kg.iri import digest
from kg.protocols import Extractor

_MEMBERS = ("name", "version", "extract")


def load_extractor(name: str) -> Extractor:
    """The extractor of this name, with everything that it returns checked; raises ExtractionError.

    Its version is that of the extractor itself and, where there are arguments, a hash of them.
    """
    target, _, query = name.partition("?")
    module_name, _, attribute = target.partition(":")
    if not all(part.isidentifier() for part in [*module_name.split("."), *attribute.split(".")]):
        raise ExtractionError(f"extractor {name!r}: expected module:factory, as in my_extractor:make, or shipped")
    made = _call(target, _find(module_name, attribute), _options(name, query))
    missing = [member for member in _MEMBERS if not hasattr(made, member)]
    missing += ["extract that can be called"] * (hasattr(made, "extract") and not callable(made.extract))
    if missing:
        raise ExtractionError(
            f"{target} gave {type(made).__name__}, which is no extractor: it has no {' and no '.join(missing)}"
        )
    version = f"{made.version}+{digest(json.dumps(sorted(parse_qsl(query))), 12)}" if query else made.version
    return CheckedExtractor(made, version)


def _find(module_name: str, attribute: str) -> object:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # last, so that a file here never takes the place of a package
    try:
        found: object = importlib.import_module(module_name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name and f"{module_name}.".startswith(f"{error.name}."):
            raise ExtractionError(
                f"there is no module {error.name!r}; install it, or run this in the folder that holds it"
            ) from error
        raise ExtractionError(f"module {module_name} cannot be imported: {_told(error)}") from error
    for part in attribute.split("."):
        if not hasattr(found, part):
            near = difflib.get_close_matches(part, dir(found), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ExtractionError(f"module {module_name} has no {attribute!r}{hint}")
        found = getattr(found, part)
    return found


def _options(name: str, query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError as error:
        raise ExtractionError(f"extractor {name!r}: after '?' expected key=value&key=value") from error
    options = dict(pairs)
    if len(options) < len(pairs):
        raise ExtractionError(f"extractor {name!r}: a key is given twice")
    return options


def _call(target: str, factory: object, options: dict[str, str]) -> Extractor:
    if not callable(factory):
        raise ExtractionError(
            f"{target} is of type {type(factory).__name__}; expected a function or class that makes one"
        )
    try:
        return cast("Extractor", factory(**options))
    except Exception as error:
        given = ", ".join(f"{key}={value!r}" for key, value in options.items())
        raise ExtractionError(f"{target}({given}) failed: {_told(error)}") from error


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
