"""The pre-training corpus as numbers, one a character, and the tokenizer that makes them."""

import json
import lzma
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from index.folding import fold

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
UNKNOWN, START, END, MASK = 1, 2, 3, 4
FILES = ("news.jsonl.xz", "regulations.jsonl.xz")

Corpus: TypeAlias = NDArray[np.uint16]


def read_documents(data: Path) -> Iterator[str]:
    """Titles and texts of the corpus, folded, without white space or markup comments."""
    for name in FILES:
        with lzma.open(data / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                text = re.sub(r"<!--.*?-->", "", f"{record.get('title', '')}\n{record['text']}", flags=re.S)
                yield re.sub(r"\s+", "", fold(text))


def build_tokenizer(characters: Iterable[str]) -> "PreTrainedTokenizerFast":
    """A tokenizer that makes one token of every character; what is not in `characters` becomes [UNK]."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    numbers = {token: n for n, token in enumerate([*SPECIAL, *characters])}
    core = Tokenizer(models.WordLevel(numbers, unk_token=SPECIAL[UNKNOWN]))
    core.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    single = pre_tokenizers.Split(Regex(r"\S"), "isolated")
    core.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), single])
    core.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", START), ("[SEP]", END)],
    )
    roles = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
    names = dict(zip(roles, SPECIAL, strict=True))
    made: PreTrainedTokenizerFast = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # no types
        tokenizer_object=core, model_max_length=512, **names
    )
    return made


def read_vocabulary(directory: Path) -> list[str]:
    """The characters of a tokenizer that `prepare` or an export wrote, without the special tokens."""
    return (directory / "vocab.txt").read_text(encoding="utf-8").split("\n")[len(SPECIAL) : -1]


def prepare(
    documents: Iterable[str], out: Path, size: int, seed: int, known: Sequence[str] | None = None
) -> Corpus:
    """The documents as one row of character numbers, shuffled, each with [SEP] behind it.

    Kept as `out/corpus.npy`; the tokenizer, `size` tokens with the special ones, as `out/tokenizer`. Its
    characters are the `known` ones, else the most frequent.
    """
    texts, counts = list(documents), Counter[str]()
    for text in texts:
        counts.update(text)
    # Ties are broken by the character: the same text must give the same vocabulary.
    ranked = known or sorted(counts, key=lambda c: (-counts[c], c))[: size - len(SPECIAL)]
    numbers = {c: n for n, c in enumerate(ranked, len(SPECIAL))}
    order = np.random.default_rng(seed).permutation(len(texts))
    stream = (n for d in order for n in (*(numbers.get(c, UNKNOWN) for c in texts[d]), END))
    corpus = np.fromiter(stream, np.uint16)
    build_tokenizer(ranked).save_pretrained(out / "tokenizer")
    (out / "tokenizer/vocab.txt").write_text("\n".join([*SPECIAL, *ranked, ""]), encoding="utf-8")
    np.save(out / "corpus.part.npy", corpus)
    os.replace(out / "corpus.part.npy", out / "corpus.npy")
    return corpus
