"""A trained network to the folder that the extractor loads: an int8 ONNX graph, its vocabulary, its pair scorer."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kg.training.network import Batch, Network

_HEADS = ("tag", "role", "head", "tail")
OUTPUTS = ("tags", "roles", "heads", "tails", "vectors")


class Vocabulary(NamedTuple):
    """``tokenizer`` is the JSON of the library ``tokenizers``; ``kept`` are the old ids of its pieces, in new order."""

    tokenizer: dict[str, Any]
    kept: NDArray[np.int64]


def prune(tokenizer: Path, counts: Counter[int], minimum: int) -> Vocabulary:
    """The vocabulary without the pieces that occur less than ``minimum`` times; special pieces and letters stay."""
    data = json.loads(tokenizer.read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = data["model"]["vocab"]
    special = {token["id"] for token in data["added_tokens"]}
    kept = [
        (piece, number)
        for piece, number in sorted(vocabulary.items(), key=lambda item: item[1])
        if number in special or len(piece.removeprefix("##")) == 1 or counts[number] >= minimum
    ]
    kept = [(piece, number) for piece, number in kept if not piece.startswith("[unused")]
    new = {number: place for place, (_, number) in enumerate(kept)}
    data["model"]["vocab"] = {piece: new[number] for piece, number in kept}
    data["added_tokens"] = [{**token, "id": new[token["id"]]} for token in data["added_tokens"]]
    data["post_processor"] = data["padding"] = data["truncation"] = None
    return Vocabulary(data, np.array([number for _, number in kept]))


class Table(nn.Module):
    """Rows of int8 with one scale each, for the word pieces: a quarter of the bytes, and no row spoils another."""

    def __init__(self, rows: Tensor) -> None:
        super().__init__()
        scale = rows.abs().amax(dim=1, keepdim=True).clamp(min=1e-9) / 127
        self.register_buffer("rows", (rows / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """One vector for each id."""
        rows, scale = cast("Tensor", self.rows), cast("Tensor", self.scale)
        return rows[ids].float() * scale[ids]


class Graph(nn.Module):
    """What runs: ids and shapes of one window, (1, pieces), to ``OUTPUTS``, each (1, pieces, width)."""

    def __init__(self, network: Network, kept: NDArray[np.int64]) -> None:
        super().__init__()
        self.network = network
        embeddings = network.encoder.model.embeddings
        embeddings.word_embeddings = Table(embeddings.word_embeddings.weight.detach()[torch.from_numpy(kept)])
        network.encoder.model.config._attn_implementation = "eager"  # noqa: SLF001 - the one that exports plainly

    def forward(self, ids: Tensor, shapes: Tensor) -> tuple[Tensor, ...]:
        """See ``OUTPUTS``."""
        network = self.network
        vectors = network.encoder(Batch(ids, shapes, torch.ones_like(ids)))
        return (
            network.tag(vectors),
            network.role(vectors),
            torch.tanh(network.head(vectors)),
            torch.tanh(network.tail(vectors)),
            vectors,
        )


def export(network: Network, vocabulary: Vocabulary, folder: Path) -> None:
    """Write ``encoder.onnx``, ``tokenizer.json`` and ``pairs.npy`` to the folder; the network is not usable afterwards.

    Weights are int8 a column, activations uint8 as they come (dynamic quantisation); what the last vectors are
    multiplied with is small and stays as it is. Seven bits a weight, which no processor's products overflow, cost a
    point of F1.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    whole = folder / "whole.onnx"
    pair = network.pair.weight.detach().numpy()
    bias = network.pair.bias.detach().numpy()
    pair[:, -1, -1] += bias
    np.save(folder / "pairs.npy", pair.astype(np.float16))
    graph = Graph(network, vocabulary.kept)
    example = (torch.randint(len(vocabulary.kept), (1, 16)), torch.ones(1, 16, dtype=torch.long))
    axes = {name: {1: "pieces"} for name in ("ids", "shapes", *OUTPUTS)}
    torch.onnx.export(
        graph,
        example,
        str(whole),
        input_names=["ids", "shapes"],
        output_names=list(OUTPUTS),
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        whole,
        folder / "encoder.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        nodes_to_exclude=[f"/{head}/MatMul" for head in _HEADS],
        op_types_to_quantize=["MatMul"],
        extra_options={"MatMulConstBOnly": True},
    )
    whole.unlink()
    (folder / "tokenizer.json").write_text(json.dumps(vocabulary.tokenizer, ensure_ascii=False), encoding="utf-8")
