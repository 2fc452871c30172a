"""Requests made from the OpenAPI schema, odd ones among them: the answers are those that the schema promises."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from api.app import create_app
from tests.api.conftest import settings
from tests.api.test_pages import serve

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    allow_header_conformance,
]


OPERATIONS = [
    (path, method)
    for path, methods in create_app(settings(Path("none"))).openapi()["paths"].items()
    for method in methods
]


@pytest.fixture(scope="module")
def described(data_folder: Path) -> Iterator[OpenApiSchema]:
    for site in serve(data_folder, extract="off"):
        yield schemathesis.openapi.from_url(f"{site}/openapi.json")


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_answers_are_as_the_schema_says(described: OpenApiSchema, path: str, method: str, mode: GenerationMode) -> None:
    operation = described[path][method]
    if mode is GenerationMode.NEGATIVE and not (operation.definition.raw.get("parameters") or method == "post"):
        return  # there is nothing in it to get wrong

    @examples(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Case) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()
