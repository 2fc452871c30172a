"""Encoders of two layers, as the pre-trained ones come; for tests that have torch."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

from kg.extract.encoder import load_reader
from kg.training.encoders import Pretrained
from kg.training.fitting import Special
from tests.kg.extract.tiny import vocabulary, write_tokenizer

SHAPE = {
    "vocab_size": len(vocabulary()),
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "max_position_embeddings": 520,
}


def write_pretrained(folder: Path, *, mpnet: bool = False) -> Path:
    """A folder with ``config.json``, ``model.safetensors`` and ``tokenizer.json``; the weights are random but fixed."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    config: Any = MPNetConfig(**SHAPE, pad_token_id=0) if mpnet else BertConfig(**SHAPE)
    model = MPNetModel(config, add_pooling_layer=False) if mpnet else BertModel(config, add_pooling_layer=False)
    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.2)
    (folder / "config.json").write_text(json.dumps(config.to_dict()), encoding="utf-8")
    save_file(model.state_dict(), folder / "model.safetensors")
    write_tokenizer(folder / "tokenizer.json")
    return folder


def pretrained(folder: Path, *, mpnet: bool = False) -> Pretrained:
    reader = load_reader(write_pretrained(folder, mpnet=mpnet) / "tokenizer.json")
    known = vocabulary()
    return Pretrained(folder, reader, Special(known["[PAD]"], known["[MASK]"]))
