"""The rules of the house that no linter knows."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(p for folder in ("kg", "api") for p in (ROOT / folder).rglob("*.py"))
NAMES = [str(p.relative_to(ROOT)) for p in MODULES]


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_modules_and_functions_fit_a_reader(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what it is for"
    for function in functions(tree):
        docstring = ast.get_docstring(function, clean=False) or ""
        length = (function.end_lineno or 0) - function.lineno - docstring.count("\n")
        assert length <= 45, f"{function.name} has {length} lines"


# The command line shows queries in its help.
@pytest.mark.parametrize("path", [p for p in MODULES if p.parent.name != "cli"], ids=str)
def test_no_sparql_outside_rq_files(path: Path) -> None:
    pattern = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE)\b[^;]*\bWHERE\s*\{|\bPREFIX \w*: ?<", re.DOTALL)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not pattern.search(node.value), node.value[:80]


def test_the_environment_is_read_in_one_place() -> None:
    for path in MODULES:
        if path.name != "settings.py":
            assert not re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8")), path


def test_only_agreed_names_stand_at_the_top() -> None:
    agreed = {"kg", "api", "ontology", "scripts", "tests", "pyproject.toml", "README.md"}
    agreed |= {"CHANGELOG.md", "LICENSE", "requirements.lock"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    tracked = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in tracked if not name.startswith(".")} == agreed


def test_every_named_query_says_what_it_answers_and_is_used() -> None:
    code = "".join(p.read_text(encoding="utf-8") for p in MODULES)
    for query in (ROOT / "kg/query/sparql").glob("*.rq"):
        assert query.read_text(encoding="utf-8").startswith("#+ summary: "), query
        assert f'"{query.stem}"' in code, f"nobody runs {query.name}"


def test_models_in_the_repository_stay_small() -> None:
    size = sum(p.stat().st_size for p in (ROOT / "kg/extract/model").rglob("*") if p.is_file())
    assert size < 30_000_000


def test_docs_name_every_module() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        if not name.endswith(("__init__.py", "__main__.py")):
            assert Path(name).name in readme, f"the map of the code misses {name}"
