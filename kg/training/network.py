"""The network: an encoder of word pieces, and heads for what each word is, what its paper does with it, what relates.

Encoders are those of sentence-transformers (Reimers and Gurevych 2019), MiniLM (Wang et al. 2020) as the student and
MPNet (Song et al. 2020) as the teacher. Both were trained on lower case, so how a word is written comes in as a learned
vector beside its pieces, which starts at zero.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from kg.extract.pairs import HEAD_FACTS, TAIL_FACTS
from kg.extract.pieces import SHAPES, Window
from kg.extract.tags import KINDS, ROLES, TAGS

PAIR_WIDTH = 64
"""Length of the vectors that a pair of mentions is compared by."""


class Batch(NamedTuple):
    """Windows of one batch: all (windows, pieces), padded at the end; ``mask`` is 1 where there is a piece."""

    ids: Tensor
    shapes: Tensor
    mask: Tensor


def collate(windows: Sequence[Window], padding: int) -> Batch:
    """Windows as one batch."""
    size = (len(windows), max(len(window.ids) for window in windows))
    ids = torch.full(size, padding)
    shapes, mask = torch.zeros(size, dtype=torch.long), torch.zeros(size, dtype=torch.long)
    for row, window in enumerate(windows):
        length = len(window.ids)
        ids[row, :length] = torch.tensor(window.ids)
        shapes[row, :length] = torch.tensor(window.shapes)
        mask[row, :length] = 1
    return Batch(ids, shapes, mask)


class Encoder(nn.Module):
    """Windows to one vector a piece, from a folder with ``config.json`` and ``model.safetensors``.

    ``entry`` is the layer that the vectors of letter case join before: 0 adds them to the word pieces; a later one lets
    the layers below stay as they are.
    """

    def __init__(self, folder: Path, *, entry: int = 0, dropout: float = 0.0) -> None:
        super().__init__()
        self.entry = entry
        kind = json.loads((folder / "config.json").read_text())["model_type"]
        config, model = (MPNetConfig, MPNetModel) if kind == "mpnet" else (BertConfig, BertModel)
        settings: Any = config.from_pretrained(folder)
        settings.hidden_dropout_prob = settings.attention_probs_dropout_prob = dropout
        self.model: Any = model(settings, add_pooling_layer=False)
        missing = self.model.load_state_dict(load_file(folder / "model.safetensors"), strict=False).missing_keys
        if unread := [name for name in missing if "position_ids" not in name]:
            raise ValueError(f"{folder} lacks {', '.join(unread)}")
        self.width: int = settings.hidden_size
        self.depth: int = settings.num_hidden_layers
        self.is_mpnet = kind == "mpnet"
        self.shape = nn.Embedding(SHAPES, self.width)
        nn.init.zeros_(self.shape.weight)
        self.model.embeddings.requires_grad_(requires_grad=False)
        self.model.embeddings.LayerNorm.requires_grad_(requires_grad=entry == 0)
        for layer in self.model.encoder.layer[:entry]:
            layer.requires_grad_(requires_grad=False)

    def embed(self, batch: Batch) -> Tensor:
        """What the first layer reads."""
        embeddings = self.model.embeddings
        places = torch.arange(batch.ids.shape[1]) + (2 if self.is_mpnet else 0)
        vectors = embeddings.word_embeddings(batch.ids) + embeddings.position_embeddings(places)
        if not self.is_mpnet:
            vectors = vectors + embeddings.token_type_embeddings.weight[0]
        if self.entry == 0:
            vectors = vectors + self.shape(batch.shapes)
        return embeddings.dropout(embeddings.LayerNorm(vectors))

    def layers(self, vectors: Tensor, mask: Tensor, first: int, behind: int) -> Tensor:
        """The layers from ``first`` up to ``behind``, without it."""
        blocked = (1.0 - mask.float())[:, None, None, :] * -1e9
        bias = self.model.encoder.compute_position_bias(vectors) if self.is_mpnet else None
        for layer in self.model.encoder.layer[first:behind]:
            result = layer(vectors, blocked, bias) if bias is not None else layer(vectors, blocked)
            vectors = result[0] if isinstance(result, tuple) else result
        return vectors

    def forward(self, batch: Batch) -> Tensor:
        """One vector a piece, (windows, pieces, width)."""
        if self.entry == 0:
            return self.layers(self.embed(batch), batch.mask, 0, self.depth)
        # Dropout would only blur what is not to be learned.
        training = self.model.training
        self.model.eval()
        with torch.no_grad():
            low = self.layers(self.embed(batch), batch.mask, 0, self.entry)
        self.model.train(training)
        return self.layers(low + self.shape(batch.shapes), batch.mask, self.entry, self.depth)


class Network(nn.Module):
    """An encoder with its heads."""

    def __init__(self, encoder: Encoder, *, dropout: float = 0.1, tags: Sequence[str] = TAGS) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.tag = nn.Linear(encoder.width, len(tags))
        self.role = nn.Linear(encoder.width, len(ROLES))
        self.head = nn.Linear(encoder.width, PAIR_WIDTH)
        self.tail = nn.Linear(encoder.width, PAIR_WIDTH)
        self.pair = nn.Bilinear(PAIR_WIDTH + HEAD_FACTS + 1, PAIR_WIDTH + TAIL_FACTS + 1, len(KINDS))
        nn.init.zeros_(self.pair.weight)

    def forget_pairs(self) -> None:
        """What relates pairs as it was before training."""
        self.head.reset_parameters()
        self.tail.reset_parameters()
        self.pair.reset_parameters()
        nn.init.zeros_(self.pair.weight)


def first_pieces(vectors: Tensor, windows: Sequence[Window]) -> Tensor:
    """The vectors of the first piece of every word, window after window: (words, width)."""
    return torch.cat([vectors[row, torch.tensor(window.first, dtype=torch.long)] for row, window in enumerate(windows)])
