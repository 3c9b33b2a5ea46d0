"""Training the static embedder: a tiny run on made-up articles ends in a directory that loads and works."""

import json
import lzma
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.embedders import StaticEmbedder, load_embedder
from index.training.embedder import main, read_documents, read_questions, save_model
from index.training.pieces import learn_pieces

SUBJECTS = [
    "住房公积金",
    "高新技术企业",
    "生活垃圾分类",
    "农业保险补贴",
    "道路运输许可",
    "食品安全抽检",
    "创业担保贷款",
    "老年人照护",
]
DEEDS = [
    "由市财政部门审核",
    "应当在三十日内办结",
    "最高奖励五十万元",
    "所需经费列入预算",
    "申请人应当提交材料",
    "每年公布一次名单",
]
SMALL = ["--pieces", "1500", "--dimension", "32", "--batch", "64", "--steps", "100"]


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Such small matrices only wait for a second thread."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def write(path: Path, records: list[dict[str, str]]) -> None:
    with lzma.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few hundred made-up articles, each on one subject, and one question about each subject."""
    chance = random.Random(3)

    def text(subject: str, sentences: int) -> str:
        place = "".join(chr(0x4E00 + chance.randrange(3000)) for _ in range(3))
        deeds = (f"{chance.choice(DEEDS)}，{chance.choice(DEEDS)}" for _ in range(sentences))
        return "".join(f"{place}{subject}工作{deed}。" for deed in deeds)

    folder = tmp_path_factory.mktemp("data")
    write(folder / "news.jsonl.xz", [{"text": text(chance.choice(SUBJECTS), 20)} for _ in range(300)])
    laws = [{"title": f"{s}条例(2020-01-0{n})", "text": text(s, 9)} for s in SUBJECTS for n in (1, 2)]
    write(folder / "regulations.jsonl.xz", laws)
    paragraphs = [{"context": text(s, 3), "qas": [{"question": f"{s}什么時候辦結？"}]} for s in SUBJECTS]
    questions = json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=False)
    (folder / "drcd_dev.json").write_text(questions, "utf-8")
    return folder


def test_a_run_ends_in_a_directory_that_loads_and_works(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--data", str(data), "--out", str(tmp_path), *SMALL])
    output = capsys.readouterr()
    assert not output.out
    assert "DRCD dev: hit@1" in output.err
    hits = [float(line.split("hit@1 ")[1]) for line in output.err.splitlines() if "in-batch" in line]
    assert len(hits) == 1
    assert hits[0] > 0.1  # guessing gives one in 64

    from sentence_transformers import SentenceTransformer

    embedder = load_embedder(str(tmp_path))
    assert isinstance(embedder, StaticEmbedder)
    assert embedder.dimension == 32
    queries = embedder.encode_queries([f"{subject}要交什么材料" for subject in SUBJECTS])
    passages = embedder.encode_documents([f"{subject}工作{deed}。" for subject in SUBJECTS for deed in DEEDS])
    nearest = (queries @ passages.T).argmax(axis=1) // len(DEEDS)
    assert (nearest == np.arange(len(SUBJECTS))).all()
    theirs = SentenceTransformer(str(tmp_path), device="cpu").encode(["高新技术企业"])
    np.testing.assert_allclose(theirs, embedder.encode_documents(["高新技术企业"]), atol=1e-3)


def test_the_same_seed_gives_the_same_model(data: Path, tmp_path: Path) -> None:
    names = []
    for folder, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        main(["--data", str(data), "--out", str(tmp_path / folder), *SMALL, "--steps", "3", "--seed", seed])
        names.append(load_embedder(str(tmp_path / folder)).name)
    assert names[0] == names[1] != names[2]


def test_measuring_changes_nothing(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--data", str(data), "--out", str(tmp_path), *SMALL, "--steps", "3"])
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    trained = capsys.readouterr().err.splitlines()[-2:]
    main(["--data", str(data), "--out", str(tmp_path), "--measure"])
    measured = capsys.readouterr().err.splitlines()[-2:]
    assert [line.split("] ")[1] for line in measured] == [line.split("] ")[1] for line in trained]
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_held_out_articles_and_versions(data: Path) -> None:
    documents, held_out = read_documents(data)
    assert len(held_out) == 6
    assert not set(held_out) & {document.text for document in documents}
    laws = [document for document in documents if document.title]
    assert {law.title for law in laws} == {f"{subject}条例" for subject in SUBJECTS}
    assert len({law.group for law in laws}) == len(SUBJECTS)  # versions are not each other's negatives
    assert len({document.group for document in documents}) == 294 + len(SUBJECTS)


def test_small_integers_keep_the_directions(tmp_path: Path) -> None:
    tokenizer = learn_pieces(["企业申请补贴应当提交材料。" * 20], 40)
    vectors = np.random.default_rng(0).standard_normal((tokenizer.get_vocab_size(), 32)).astype(np.float32)
    vectors *= np.linspace(0.001, 50, len(vectors), dtype=np.float32)[:, None]
    vectors[0] = 0
    save_model(tmp_path, tokenizer, vectors)
    loaded = StaticEmbedder(tmp_path).vectors
    assert not loaded[0].any()
    assert (np.abs(loaded - vectors) <= np.abs(vectors).max(axis=1, keepdims=True) / 250).all()


def test_questions_are_read_with_their_answers_and_without_what_is_measured(tmp_path: Path) -> None:
    def squad(name: str, *articles: tuple[str, str, str, str]) -> Path:
        entries = []
        for title, text, question, answer in articles:
            asked = {"question": question, "answers": [{"text": answer, "answer_start": text.index(answer)}]}
            entries.append({"id": title, "title": title, "paragraphs": [{"context": text, "qas": [asked]}]})
        file = tmp_path / name
        file.write_text(json.dumps({"data": entries}, ensure_ascii=False), "utf-8")
        return file

    known = ("甲地", "甲地产茶。", "甲地產什麼？", "茶")
    squad("drcd_dev.json", known)
    file = squad("train.json", known, ("乙地", "乙地產３０種茶。", "乙地產幾種茶？", "３０種"))
    (document,) = read_questions([file], tmp_path)
    assert document.text == "乙地产30种茶。"
    assert document.questions == (("乙地产几种茶?", "30种"),)
