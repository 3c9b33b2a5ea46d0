"""The ONNX embedder against sentence-transformers, with a tiny real model exported on the spot."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedders import load_embedder
from index.errors import ModelError
from index.onnx_embedder import OnnxEmbedder

ROOT = Path(__file__).parent.parent
TEXTS = ["对获评的企业每家奖励三十万元。", "奖励", "申报材料包括申请表和营业执照，" * 9, "奖" * 40]


def export(folder: Path, pooling: str) -> Path:
    """A sentence-transformers directory of random weights with its ONNX file; the file."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    characters = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *sorted(set("".join(TEXTS))), "问"]
    plain = folder / "plain"
    plain.mkdir()
    (plain / "vocab.txt").write_text("\n".join(characters), "utf-8")
    BertTokenizer(str(plain / "vocab.txt")).save_pretrained(plain)
    config = BertConfig(
        vocab_size=len(characters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    model = BertModel(config)
    model.save_pretrained(plain)
    whole = SentenceTransformer(
        modules=[Transformer(str(plain)), Pooling(16, pooling_mode=pooling)],
        prompts={"query": "问问", "document": ""},
        device="cpu",
    )
    whole.save(str(folder / "tiny"), create_model_card=False)
    file = folder / "tiny" / "onnx" / "model.onnx"
    file.parent.mkdir()
    names = ("input_ids", "attention_mask", "token_type_ids")

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.model(**dict(zip(names, given, strict=True))).last_hidden_state
            return states

    tokens = torch.full((2, 16), 5)
    mask = torch.ones_like(tokens)
    mask[1, 12:] = 0
    sizes = {0: torch.export.Dim("texts", min=1, max=64), 1: torch.export.Dim("length", min=2, max=512)}
    torch.onnx.export(
        States().train(False),
        (tokens, mask, torch.zeros_like(tokens)),
        file,
        input_names=list(names),
        output_names=["last_hidden_state"],
        dynamic_shapes=((sizes, sizes, sizes),),
        dynamo=True,
        external_data=False,
    )
    return file


@pytest.mark.parametrize("pooling", ["cls", "mean"])
def test_vectors_are_those_of_sentence_transformers(tmp_path: Path, pooling: str) -> None:
    from sentence_transformers import SentenceTransformer

    file = export(tmp_path, pooling)
    embedder = load_embedder(str(file))
    assert isinstance(embedder, OnnxEmbedder)
    assert embedder.name.startswith("tiny@")
    theirs = SentenceTransformer(str(tmp_path / "tiny"), device="cpu")
    for expected, vectors in (
        (theirs.encode_document(TEXTS), embedder.encode_documents(TEXTS)),
        (theirs.encode_query(TEXTS), embedder.encode_queries(TEXTS)),
    ):
        norms = np.linalg.norm(expected, axis=1, keepdims=True)
        assert np.abs(expected / norms - vectors).max() < 1e-4
    assert embedder.encode_queries([]).shape == (0, 16)
    check = (
        "import sys; from index.embedders import load_embedder; load_embedder(sys.argv[1]);"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", check, str(file)], cwd=ROOT, check=True)


def test_files_that_are_missing_or_damaged(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"none")
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_embedder(str(file))
    (tmp_path / "tokenizer.json").write_text(json.dumps({}), "utf-8")
    with pytest.raises(ModelError, match="无法载入"):
        load_embedder(str(file))
