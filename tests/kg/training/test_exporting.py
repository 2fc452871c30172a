"""A network to its files: the vocabulary without what is rare, the int8 graph, the scorer of pairs."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the extra `train`")
pytest.importorskip("onnx", reason="onnx comes with the extra `train`")

import torch
from tokenizers import Tokenizer

from kg.extract.encoder import Encoder as Runtime
from kg.extract.encoder import Reading, load_reader
from kg.extract.pairs import facts
from kg.extract.pieces import Words
from kg.model import Label
from kg.training.data import Pair
from kg.training.exporting import Table, Vocabulary, export, prune
from kg.training.fitting import pair_logits
from kg.training.network import Encoder, Network, collate
from tests.kg.extract.tiny import SPECIAL, vocabulary, write_tokenizer

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained

pytestmark = [
    # The exporter that ONNX opset 17 needs, and what it says of every branch in transformers.
    pytest.mark.filterwarnings("ignore:You are using the legacy TorchScript-based ONNX export:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The feature will be removed. Please remove usage:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
]
TEXT = "We propose CraneNet-10, folding paper cranes for a CraneBank."


def pruned(tmp_path: Path, minimum: int, **counts: int) -> Vocabulary:
    known = vocabulary()
    path = write_tokenizer(tmp_path / "tokenizer.json")
    return prune(path, Counter({known[piece.replace("__", "##")]: count for piece, count in counts.items()}), minimum)


def pieces_of(kept: Vocabulary, text: str) -> list[str]:
    tokenizer = Tokenizer.from_str(json.dumps(kept.tokenizer))
    return list(tokenizer.encode(text, add_special_tokens=False).tokens)


def test_what_is_rare_is_left_out_but_letters_and_special_pieces_stay(tmp_path: Path) -> None:
    kept = pruned(tmp_path, 5, paper=9, crane=5, fold=4, __ing=7)
    left = set(kept.tokenizer["model"]["vocab"])
    assert {"paper", "crane", "##ing", *SPECIAL} <= left
    assert not left & {"fold", "bank", "propose"}
    assert {piece for piece in vocabulary() if len(piece.removeprefix("##")) == 1} <= left
    assert pieces_of(kept, "paper crane folding") == ["paper", "crane", "f", "##o", "##l", "##d", "##ing"]


def test_every_piece_is_still_what_it_was(tmp_path: Path) -> None:
    kept, old = pruned(tmp_path, 5, paper=9), vocabulary()
    new = kept.tokenizer["model"]["vocab"]
    assert sorted(new.values()) == list(range(len(kept.kept)))
    assert all(kept.kept[number] == old[piece] for piece, number in new.items())
    for token in kept.tokenizer["added_tokens"]:
        assert new[token["content"]] == token["id"]
    path = tmp_path / "new.json"
    path.write_text(json.dumps(kept.tokenizer), encoding="utf-8")
    [before] = load_reader(tmp_path / "tokenizer.json").read("a paper, 10").windows
    [after] = load_reader(path).read("a paper, 10").windows
    assert kept.kept[after.ids].tolist() == before.ids


def test_pieces_that_nobody_uses_go_even_if_all_else_stays(tmp_path: Path) -> None:
    path = write_tokenizer(tmp_path / "tokenizer.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    data["model"]["vocab"]["[unused0]"] = len(data["model"]["vocab"])
    path.write_text(json.dumps(data), encoding="utf-8")
    kept = prune(path, Counter(), 0)
    assert set(kept.tokenizer["model"]["vocab"]) == set(vocabulary())


def test_a_table_of_int8_says_nearly_what_its_rows_said() -> None:
    torch.manual_seed(0)
    rows = torch.randn(20, 16) * torch.logspace(-3, 2, 20)[:, None]
    rows[3] = 0
    table = Table(rows)
    ids = torch.tensor([[3, 0, 19], [7, 7, 1]])
    assert table.rows.dtype == torch.int8
    found = table(ids)
    assert found.shape == (2, 3, 16)
    error = (found - rows[ids]).abs().amax(dim=-1)
    # No row spoils another: each is off by half a step of its own at most.
    assert (error <= rows[ids].abs().amax(dim=-1) / 127 * 0.51).all()


class Exported(NamedTuple):
    """What the network said before it was exported, and what the files say."""

    words: Words
    tags: np.ndarray
    roles: np.ndarray
    scores: np.ndarray
    vectors: np.ndarray
    runtime: Runtime
    folder: Path

    def read(self) -> Reading:
        return next(self.runtime.read([TEXT]))


HEADS, TAILS = [(2, 3), (0, 0), (8, 9)], [(5, 6), (11, 12), (0, 2)]
PAIRS = [Pair(*ends, 0, (Label.METHOD, Label.TASK)) for ends in zip(HEADS, TAILS, strict=True)]
FACTS = facts([(p.head, p.labels[0]) for p in PAIRS], [(p.tail, p.labels[1]) for p in PAIRS])


@pytest.fixture(scope="module")
def exported(small: "Pretrained", tmp_path_factory: pytest.TempPathFactory) -> Exported:
    folder = tmp_path_factory.mktemp("exported")
    torch.manual_seed(1)
    network = Network(Encoder(small.folder)).eval()
    torch.nn.init.normal_(network.pair.weight, std=0.3)
    torch.nn.init.normal_(network.encoder.shape.weight, std=0.2)
    known = vocabulary()
    kept = prune(small.folder / "tokenizer.json", Counter(dict.fromkeys(set(known.values()) - {known["bank"]}, 1)), 1)
    # Read by the new vocabulary, whose pieces the old network knows by their old numbers.
    (folder / "new.json").write_text(json.dumps(kept.tokenizer), encoding="utf-8")
    words = load_reader(folder / "new.json").read(TEXT)
    [window] = words.windows
    with torch.inference_mode():
        batch = collate([window], 0)
        batch = batch._replace(ids=torch.from_numpy(kept.kept)[batch.ids])
        vectors = network.encoder(batch)[0, window.first]
        said = [network.tag(vectors), network.role(vectors)]
        scores = pair_logits(network, vectors, PAIRS).log_softmax(-1)
        expected = [each.numpy().copy() for each in (*said, scores, vectors)]
    export(network, kept, folder / "tagger")
    return Exported(words, *expected, Runtime(folder / "tagger"), folder / "tagger")


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    """Much nearer to it than to anything else of that size: on some processors products of int8 overflow a little."""
    assert found.shape == expected.shape
    return bool(np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.9)


def test_the_graph_says_what_the_network_said(exported: Exported) -> None:
    reading = exported.read()
    assert reading.words == exported.words
    assert close(reading.tags, exported.tags)
    assert close(reading.roles, exported.roles)
    assert close(exported.runtime.vectors(TEXT)[1], exported.vectors)


def test_the_graph_reads_windows_of_any_length(exported: Exported) -> None:
    for text in ("a", TEXT, TEXT * 8):
        [reading] = exported.runtime.read([text])
        assert len(reading.tags) == len(reading.words.starts)


def test_the_scorer_of_pairs_says_what_the_network_said(exported: Exported) -> None:
    reading = exported.read()
    heads, tails = (np.array(each) for each in (HEADS, TAILS))
    found = exported.runtime.pairs.log_probabilities(
        np.hstack([reading.heads[heads].mean(axis=1), FACTS[0]]),
        np.hstack([reading.tails[tails].mean(axis=1), FACTS[1]]),
    )
    assert close(found, exported.scores)


def test_the_pair_scorer_alone_is_exact(small: "Pretrained", exported: Exported) -> None:
    torch.manual_seed(1)
    network = Network(Encoder(small.folder)).eval()
    torch.nn.init.normal_(network.pair.weight, std=0.3)
    with torch.inference_mode():
        vectors = torch.randn(13, network.encoder.width)
        expected = pair_logits(network, vectors, PAIRS).log_softmax(-1).numpy()
        heads, tails = torch.tanh(network.head(vectors)).numpy(), torch.tanh(network.tail(vectors)).numpy()
    found = exported.runtime.pairs.log_probabilities(
        np.hstack([heads[np.array(HEADS)].mean(axis=1), FACTS[0]]),
        np.hstack([tails[np.array(TAILS)].mean(axis=1), FACTS[1]]),
    )
    # The files hold float16.
    assert found == pytest.approx(expected, abs=0.02)


def test_weights_are_int8_and_the_whole_graph_is_gone(exported: Exported) -> None:
    import onnx

    assert {path.name for path in exported.folder.iterdir()} == {"encoder.onnx", "pairs.npy", "tokenizer.json"}
    graph = onnx.load(exported.folder / "encoder.onnx").graph
    assert {node.op_type for node in graph.node} >= {"MatMulInteger", "DynamicQuantizeLinear"}
    floats = [t for t in graph.initializer if t.data_type == onnx.TensorProto.FLOAT and len(t.dims) == 2]
    # Those that stay are of the heads and tails of pairs.
    assert len([t.name for t in floats if min(t.dims) == 32 and max(t.dims) == 64]) == 2
