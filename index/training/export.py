"""Writes a trained reader as what is shipped: float16 weights for `transformers`, int8 ONNX without torch.

python -m index.training.export build/reader-final index/models/reader
"""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from index.reader import INPUTS, ONNX_FILE
from index.training.reader import build_reader
from index.training.recipe import save

_OPSET = 20


def export(reader: Path, out: Path) -> None:
    """Write the shipped form of a trained reader."""
    import torch

    model = build_reader(reader)
    out.mkdir(parents=True, exist_ok=True)
    write_onnx(model, out / ONNX_FILE)
    save(model.to(torch.float16), reader, out)


def write_onnx(model: Any, target: Path) -> None:
    """Write the model with int8 weights."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    class Logits(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, tokens: torch.Tensor, types: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            logits: torch.Tensor = self.model(
                input_ids=tokens, token_type_ids=types, attention_mask=mask
            ).logits
            return logits

    wrapped = Logits()
    wrapped.train(False)
    tokens = torch.full((2, 16), 5)
    mask = torch.ones_like(tokens)
    mask[1, 12:] = 0
    sizes = {0: torch.export.Dim("passages", min=1, max=512), 1: torch.export.Dim("length", min=2, max=512)}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            wrapped,
            (tokens, torch.zeros_like(tokens), mask),
            whole,
            input_names=list(INPUTS),
            output_names=["logits"],
            dynamic_shapes=(sizes, sizes, sizes),
            opset_version=_OPSET,
            dynamo=True,
            external_data=False,
        )
        quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reader", type=Path, help="folder of the trained reader")
    parser.add_argument("out", type=Path, help="folder to write")
    given = parser.parse_args()
    export(given.reader, given.out)


if __name__ == "__main__":
    main()
