"""Round trip: an article in every format and encoding comes back whole, in order, with exact offsets."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from index.chunking import chunk
from index.readers import read_articles
from index.records import Article
from tests.generated import Made, article, found
from tests.test_offsets import check_passages
from tests.writing_files import Form, forms, pack, traditional

PACKINGS = ("", ".gz", ".xz", ".zip")


def test_every_format_and_encoding(tmp_path: Path) -> None:
    _check(tmp_path, documents=4, every=4, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_a_thousand_documents(tmp_path: Path, part: int) -> None:
    _check(tmp_path, documents=100, every=1, seed=2026 + part)


def _check(folder: Path, documents: int, every: int, seed: int) -> None:
    """Write each document in one of `every` forms, so that each form is written; read all of them."""
    dice = random.Random(seed)
    written: dict[str, tuple[Form, Made]] = {}
    for number in range(documents):
        for place, form in enumerate(forms()):
            if (number + place) % every:
                continue
            key = f"{number}-{place}"
            made = replace(article(dice, odd=form.odd), id=key)
            if form.traditional or number % 2:
                made = traditional(made)
            name, packing = f"{key}{form.suffix}", PACKINGS[(number + place) // every % len(PACKINGS)]
            (folder / f"{name}{packing}").write_bytes(pack(form.write(made, dice), name, packing))
            written[key] = form, made
    for result in read_articles(folder):
        assert isinstance(result, Article), result
        form, made = written.pop(result.id.partition(".")[0])
        _check_article(form, made, result)
    assert not written


def _check_article(form: Form, made: Made, result: Article) -> None:
    passages = chunk(result)
    check_passages(result, passages)
    assert result.title == made.title, form
    assert found(made.units, result.text) == len(made.units), (form, result.text)
    # the line of a heading is the heading of passages, not their text
    said = [unit for block in made.blocks if block.kind != "h" for unit in block.units]
    assert found(said, "".join(passage.text for passage in passages)) == len(said), (form, result.text)
