"""The network: its encoder against the library's own, padding, letter case, and what stays as it was."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch comes with the extra `train`")

import torch
from safetensors.torch import load_file, save_file
from transformers import BertModel, MPNetModel

from kg.extract.tags import KINDS, ROLES, TAGS
from kg.training.network import Encoder, Network, collate, first_pieces
from tests.kg.training.small import write_pretrained

if TYPE_CHECKING:
    from kg.training.encoders import Pretrained

TEXTS = ["We fold a paper crane.", "CraneNet", "We propose folding, for cranes on a CraneBank."]


@pytest.mark.parametrize(("fixture", "model"), [("small", BertModel), ("small_mpnet", MPNetModel)])
def test_the_encoder_says_what_the_library_says(fixture: str, model: type, request: pytest.FixtureRequest) -> None:
    read: Pretrained = request.getfixturevalue(fixture)
    windows = [read.reader.read(text).windows[0] for text in TEXTS]
    batch = collate(windows, read.special.padding)
    library = model.from_pretrained(read.folder, add_pooling_layer=False).eval()
    theirs = library(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state
    for entry in (0, 1):
        ours = Encoder(read.folder, entry=entry).eval()(batch)
        for row, window in enumerate(windows):
            length = len(window.ids)
            assert torch.allclose(ours[row, :length], theirs[row, :length], atol=1e-4)


def test_padding_changes_nothing(small: "Pretrained") -> None:
    windows = [small.reader.read(text).windows[0] for text in TEXTS]
    encoder = Encoder(small.folder).eval()
    together = encoder(collate(windows, small.special.padding))
    for row, window in enumerate(windows):
        [alone] = encoder(collate([window], small.special.padding))
        assert torch.allclose(together[row, : len(window.ids)], alone, atol=1e-4)


def test_a_batch_is_padded_at_its_end(small: "Pretrained") -> None:
    windows = [small.reader.read(text).windows[0] for text in ("a b", "a")]
    batch = collate(windows, 99)
    assert batch.ids.tolist() == [windows[0].ids, [*windows[1].ids, 99]]
    assert batch.shapes.tolist() == [windows[0].shapes, [*windows[1].shapes, 0]]
    assert batch.mask.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0]]


@pytest.mark.parametrize("entry", [0, 1])
def test_how_words_are_written_counts_once_it_is_learned(small: "Pretrained", entry: int) -> None:
    windows = [small.reader.read(text).windows[0] for text in ("crane", "CRANE")]
    encoder = Encoder(small.folder, entry=entry).eval()
    batch = collate(windows, small.special.padding)
    one, other = encoder(batch)
    assert torch.allclose(one, other, atol=1e-4)
    torch.nn.init.normal_(encoder.shape.weight)
    one, other = encoder(batch)
    assert not torch.allclose(one, other, atol=1e-2)


def test_layers_below_the_entry_are_not_learned(small: "Pretrained") -> None:
    learned = {name for name, p in Encoder(small.folder, entry=1).named_parameters() if p.requires_grad}
    assert {name.split(".")[3] for name in learned if ".layer." in name} == {"1"}
    assert not any("embeddings" in name for name in learned)
    assert "shape.weight" in learned
    learned = {name for name, p in Encoder(small.folder).named_parameters() if p.requires_grad}
    assert {name.split(".")[3] for name in learned if ".layer." in name} == {"0", "1"}
    assert {name for name in learned if "embeddings" in name} == {
        "model.embeddings.LayerNorm.weight",
        "model.embeddings.LayerNorm.bias",
    }


def test_dropout_is_for_training_and_for_what_is_learned(small: "Pretrained") -> None:
    batch = collate([small.reader.read(TEXTS[0]).windows[0]], small.special.padding)
    encoder = Encoder(small.folder, entry=1, dropout=0.5)
    assert not torch.allclose(encoder(batch), encoder(batch))
    assert encoder.model.training
    encoder.eval()
    assert torch.equal(encoder(batch), encoder(batch))
    # Up to the last layer all of it stays as it was.
    top = Encoder(small.folder, entry=2, dropout=0.5)
    assert torch.equal(top(batch), top(batch))


def test_a_folder_that_lacks_weights_is_refused(tmp_path: Path) -> None:
    folder = write_pretrained(tmp_path)
    weights = load_file(folder / "model.safetensors")
    name = "encoder.layer.1.output.dense.weight"
    save_file({k: v for k, v in weights.items() if k != name}, folder / "model.safetensors")
    with pytest.raises(ValueError, match=f"lacks {name}"):
        Encoder(folder)


def test_heads_have_a_number_for_each_thing_they_tell_apart(small: "Pretrained") -> None:
    network = Network(Encoder(small.folder))
    assert (network.tag.out_features, network.role.out_features, network.pair.out_features) == (
        len(TAGS),
        len(ROLES),
        len(KINDS),
    )
    assert Network(Encoder(small.folder), tags=[*TAGS, "B-Generic", "I-Generic"]).tag.out_features == len(TAGS) + 2


def test_words_are_seen_by_their_first_pieces(small: "Pretrained") -> None:
    windows = [small.reader.read(text).windows[0] for text in ("folding cranes", "a")]
    vectors = torch.arange(2 * 6 * 1, dtype=torch.float32).reshape(2, 6, 1)
    # "[CLS] fold ##ing crane ##s [SEP]" and "[CLS] a [SEP]".
    assert np.array_equal(first_pieces(vectors, windows).numpy()[:, 0], [1, 3, 7])
