"""Training in two precisions: float32 weights that are optimised, and the bfloat16 copy that computes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


class Mixed:
    """A model to optimise (`master`) and its copy to compute with (`worker`), on a GPU where there is one.

    Where float32 is the faster, as on a CPU without instructions for bfloat16, the copy has it too.
    Autocast would convert every weight at every use: half as fast again on a CPU.
    """

    def __init__(self, build: Callable[[], Any], rate: float) -> None:
        """`build` makes the model; the optimiser is AdamW, only the layers' matrices decay."""
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
        self.rate = rate
        self.master = build().to(device)
        self.worker = build().to(device, _fastest(device))
        # The embeddings of rare characters would fade between their few updates.
        weights = list(self.master.named_parameters())
        inner = [p for name, p in weights if ".layers." in name and p.ndim == 2]
        outer = [p for name, p in weights if ".layers." not in name or p.ndim != 2]
        groups = [{"params": inner, "weight_decay": 0.1}, {"params": outer, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, rate, betas=(0.9, 0.98), fused=True)
        self.copy_weights()

    def copy_weights(self) -> None:
        """Bring the worker to where the master stands."""
        import torch

        with torch.no_grad():
            torch._foreach_copy_(list(self.worker.parameters()), list(self.master.parameters()))

    def step(self, loss: "torch.Tensor", share: float) -> float:
        """Go one step down the worker's `loss` with a share of the rate; the loss as a number."""
        import torch

        loss.backward()  # type: ignore[no-untyped-call]  # torch has no types here
        for weight, copy in zip(self.master.parameters(), self.worker.parameters(), strict=True):
            weight.grad = None if copy.grad is None else copy.grad.float()
            copy.grad = None
        torch.nn.utils.clip_grad_norm_(self.master.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * share
        self.optimizer.step()
        self.copy_weights()
        return loss.item()


def _fastest(device: str) -> "torch.dtype":
    """The type whose products take the least time: a CPU without instructions for bfloat16 is thirty times
    slower in it than in float32, one with them five times faster."""
    import torch

    def seconds(dtype: torch.dtype) -> float:
        rows, columns = torch.ones(512, 256, dtype=dtype), torch.ones(256, 512, dtype=dtype)
        rows @ columns  # the first product prepares
        begun = time.perf_counter()
        rows @ columns
        return time.perf_counter() - begun

    return torch.bfloat16 if device == "cuda" else min((torch.bfloat16, torch.float32), key=seconds)
