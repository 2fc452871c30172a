import json
from pathlib import Path

import rispy

from tests.kg.cli.test_cli import good, kg


def test_related_by_id_or_title(data_folder: Path) -> None:
    found = json.loads(good("related", "ntk", "--json", data=data_folder))
    assert [each["id"] for each in found] == ["features", "vision"]
    assert found[0]["shared"][0]["here"]["evidence"]["sentence"]
    assert (found[0]["here"]["paper"], found[0]["there"]["paper"]) == ("ntk", "features")
    text = good("related", "tangent", "--limit", "1", data=data_folder)
    assert "Feature learning" in text
    assert "infinite width" in text
    assert text.count("“") == 2


def test_related_takes_what_is_shared_and_years(data_folder: Path) -> None:
    for options, wanted in (
        (["--via", "method"], ["vision"]),
        (["--via", "method", "--via", "concept"], ["features", "vision"]),
        (["--min-shared", "2"], ["features"]),
        (["--year-from", "2002"], ["vision"]),
        (["--year-to", "2001"], ["features"]),
    ):
        found = json.loads(good("related", "ntk", "--json", *options, data=data_folder))
        assert [each["id"] for each in found] == wanted, options
    assert "shares anything specific" in good("related", "other1", data=data_folder)


def test_the_query_of_related_can_be_run(data_folder: Path, tmp_path: Path) -> None:
    query = tmp_path / "related.rq"
    query.write_text(good("related", "ntk", "--sparql", data=data_folder))
    answer = json.loads(good("query", f"@{query}", "--format", "json", data=data_folder))
    assert [row["title"]["value"] for row in answer["results"]["bindings"]] == ["Feature learning", "Images"]


def test_related_names_what_it_does_not_find(data_folder: Path) -> None:
    ambiguous = kg("related", "other", data=data_folder)
    assert ambiguous.returncode == 1
    assert "fits several papers" in ambiguous.stderr
    missing = kg("related", "attention on images", data=data_folder)
    assert missing.returncode == 1
    assert "no paper" in missing.stderr


def test_link_explains_two_papers(data_folder: Path) -> None:
    text = good("link", "ntk", "Images", data=data_folder)
    assert "A: Tangent kernel (2000)" in text
    assert "B: Images (2003)" in text
    assert "rare trick (Method): weight" in text
    assert "A proposes it: “" in text
    assert "neural network (Method): weight 0.00, in 16 of 16 papers" in text
    found = json.loads(good("link", "ntk", "vision", "--json", data=data_folder))
    assert [each["slug"] for each in found["shared"]] == ["rare-trick", "neural-network"]
    assert "share only what is too common" in good("link", "other1", "other2", data=data_folder)
    missing = kg("link", "ntk", "attention on images", data=data_folder)
    assert (missing.returncode, "no paper" in missing.stderr) == (1, True)


def test_related_papers_are_written_for_reference_managers(data_folder: Path) -> None:
    assert [each["id"] for each in rispy.loads(good("related", "ntk", "--format", "ris", data=data_folder))] == [
        "features",
        "vision",
    ]
    first, *rows = good("related", "ntk", "--format", "csv", data=data_folder).splitlines()
    assert first == "id,title,year,score,shared,words"
    assert [row.partition(",")[0] for row in rows] == ["features", "vision"]
