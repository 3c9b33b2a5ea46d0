"""Embedders: the bundled table equals sentence-transformers' own, other models load by path, errors help."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embedders import (
    BUNDLED,
    Embedder,
    SentenceTransformerEmbedder,
    StaticEmbedder,
    bundled_embedder,
    load_embedder,
)
from index.errors import ModelError
from index.folding import fold

ROOT = Path(__file__).parent.parent
TEXTS = [
    "对首次获评国家级专精特新“小巨人”的企业，一次性奖励五十万元。",
    "請問申請補貼需要什麼材料？",
    "ＧＤＰ比上年增长５．２％",
    "第十二条　市人民政府应当将所需经费列入本级财政预算。\n第十三条 略",
    "🙂",
    "",
]


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real, tiny sentence-transformers model with random weights and prompts of its own."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("models")
    characters = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *sorted(set("".join(TEXTS)) - set(" \n")),
        "问",
    ]
    (folder / "vocab.txt").write_text("\n".join(characters), "utf-8")
    plain = folder / "plain"
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(plain)
    config = BertConfig(
        vocab_size=len(characters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    BertModel(config).save_pretrained(plain)
    model = SentenceTransformer(
        modules=[Transformer(str(plain)), Pooling(16)],
        prompts={"query": "问问问", "document": ""},
        device="cpu",
    )
    model.save(str(folder / "tiny-bert"), create_model_card=False)
    return folder / "tiny-bert"


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    norms = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    result: NDArray[np.float32] = (left * right).sum(axis=1) / norms
    return result


def check_unit_rows(embedder: Embedder) -> None:
    for encode in (embedder.encode_documents, embedder.encode_queries):
        vectors = encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), embedder.dimension)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        assert encode([]).shape == (0, embedder.dimension)


def test_bundled_rows_are_unit_even_for_empty_text() -> None:
    check_unit_rows(load_embedder())


def test_bundled_is_small_and_named_by_its_weights() -> None:
    assert sum(file.stat().st_size for file in BUNDLED.rglob("*") if file.is_file()) <= 25_000_000
    name, _, fingerprint = load_embedder().name.partition("@")
    assert name == "wence-static"
    assert len(fingerprint) == 12
    assert load_embedder(str(BUNDLED)).name == load_embedder().name


def test_bundled_gives_the_vectors_of_sentence_transformers() -> None:
    from sentence_transformers import SentenceTransformer

    theirs = SentenceTransformer(str(BUNDLED), device="cpu").encode([fold(text) for text in TEXTS[:4]])
    assert cosines(theirs, load_embedder().encode_documents(TEXTS[:4])).min() > 0.999


def test_bundled_does_not_tell_script_width_or_case_apart() -> None:
    ours = load_embedder().encode_queries(["請問申請補貼需要什麼材料", "ＧＤＰ增长５％", "wence"])
    same = load_embedder().encode_queries(["请问申请补贴需要什么材料", "gdp增长5%", "WENCE"])
    np.testing.assert_array_equal(ours, same)


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    many = [f"第{n}条 对第{n}类企业奖励{n}万元。" for n in range(700)] + [""]
    together = load_embedder().encode_documents(many)
    for n in (0, 255, 256, 511, 699, 700):
        np.testing.assert_allclose(load_embedder().encode_documents([many[n]])[0], together[n], atol=1e-6)


def test_bundled_finds_the_passage_that_answers() -> None:
    passages = [
        "企业应当在每年六月底前提交高新技术企业认定申请书、营业执照复印件和近三年审计报告。",
        "个人住房公积金贷款额度最高为一百万元，期限不超过三十年。",
        "垃圾分类收集容器由街道办事处设置，颜色分为蓝、绿、红、灰四种。",
        "台风红色预警发布后，中小学和幼儿园停课，景区关闭。",
    ]
    questions = [
        "申报高企要交哪些材料？",
        "公积金最多能贷多少钱？",
        "垃圾桶由谁设置？",
        "发生台风时学校上课吗？",
    ]
    embedder = load_embedder()
    scores = embedder.encode_queries(questions) @ embedder.encode_documents(passages).T
    assert (scores.argmax(axis=1) == np.arange(4)).sum() >= 3


def test_static_models_load_without_torch() -> None:
    check = (
        "import sys; from index.embedders import load_embedder; load_embedder().encode_queries(['补贴']);"
        "sys.exit(bool({'torch', 'transformers', 'sentence_transformers', 'scipy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=True)


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_static_models_saved_by_sentence_transformers_load(tmp_path: Path, kind: type[np.floating]) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = load_embedder(str(BUNDLED)).tokenizer  # type: ignore[attr-defined]
    table: NDArray[np.floating] = (
        np.random.default_rng(0).standard_normal((tokenizer.get_vocab_size(), 8)).astype(kind)
    )
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, torch.from_numpy(table))], device="cpu")
    model.save(str(tmp_path), create_model_card=False)
    embedder = load_embedder(str(tmp_path))
    assert isinstance(embedder, StaticEmbedder)
    theirs = model.encode([fold(text) for text in TEXTS[:4]]).astype(np.float32)
    assert cosines(theirs, embedder.encode_documents(TEXTS[:4])).min() > 0.999


def test_the_bundled_model_is_loaded_once() -> None:
    assert bundled_embedder() is load_embedder(None)


def test_a_transformer_loads_by_path_and_uses_its_prompts(bert: Path) -> None:
    from sentence_transformers import SentenceTransformer

    embedder = load_embedder(str(bert))
    assert isinstance(embedder, SentenceTransformerEmbedder)
    check_unit_rows(embedder)
    theirs = SentenceTransformer(str(bert), device="cpu")
    assert cosines(theirs.encode(TEXTS), embedder.encode_documents(TEXTS)).min() > 0.9999
    prompted = theirs.encode(["问问问" + text for text in TEXTS])
    assert cosines(prompted, embedder.encode_queries(TEXTS)).min() > 0.9999
    assert cosines(prompted, embedder.encode_documents(TEXTS)).min() < 0.9999


@pytest.mark.parametrize(
    ("name", "query", "document"),
    [
        ("bge-small-zh-v1.5", "为这个句子生成表示以用于检索相关文章：", ""),
        ("multilingual-e5-small", "query: ", "passage: "),
        ("m3e-base", "", ""),
    ],
)
def test_a_model_without_prompts_gets_the_instruction_of_its_family(
    bert: Path, tmp_path: Path, name: str, query: str, document: str
) -> None:
    from sentence_transformers import SentenceTransformer

    shutil.copytree(bert, tmp_path / name)
    settings = tmp_path / name / "config_sentence_transformers.json"
    settings.write_text(json.dumps(json.loads(settings.read_text("utf-8")) | {"prompts": {}}), "utf-8")
    embedder = load_embedder(str(tmp_path / name))
    theirs = SentenceTransformer(str(tmp_path / name), device="cpu")
    for prompt, encode in ((query, embedder.encode_queries), (document, embedder.encode_documents)):
        assert cosines(theirs.encode([prompt + text for text in TEXTS]), encode(TEXTS)).min() > 0.9999


def test_a_name_changes_with_the_weights(bert: Path, tmp_path: Path) -> None:
    changed = tmp_path / bert.name
    shutil.copytree(bert, changed)
    assert load_embedder(str(changed)).name == load_embedder(str(bert)).name
    weights = bytearray((changed / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (changed / "model.safetensors").write_bytes(weights)
    assert load_embedder(str(changed)).name.startswith("tiny-bert@")
    assert load_embedder(str(changed)).name != load_embedder(str(bert)).name


def test_a_directory_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"modules\.json"):
        load_embedder(str(tmp_path))


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="找不到"):
        load_embedder(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("damage", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_static_model(tmp_path: Path, damage: str) -> None:
    for file in ("modules.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / file).write_bytes((BUNDLED / file).read_bytes())
    (tmp_path / damage).write_bytes((BUNDLED / damage).read_bytes()[:1000])
    with pytest.raises(ModelError, match="损坏") as raised:
        load_embedder(str(tmp_path))
    assert "\n" not in str(raised.value)
    (tmp_path / damage).unlink()
    with pytest.raises(ModelError, match="损坏"):
        load_embedder(str(tmp_path))


def test_weights_of_another_vocabulary(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    for file in ("modules.json", "tokenizer.json"):
        (tmp_path / file).write_bytes((BUNDLED / file).read_bytes())
    save_file({"embedding.weight": np.ones((10, 4), np.float32)}, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match="词表"):
        load_embedder(str(tmp_path))


def test_a_damaged_transformer(bert: Path, tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text(json.dumps([{"type": "nothing"}]), "utf-8")
    with pytest.raises(ModelError, match="无法载入"):
        load_embedder(str(tmp_path))


def test_offline_a_hub_id_says_how_to_bring_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="hf download wence/none") as raised:
        load_embedder("wence/none")
    assert "离线" in str(raised.value)


def test_offline_a_hub_id_in_the_cache_loads_and_is_named_by_its_commit(bert: Path, tmp_path: Path) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    cached = tmp_path / "models--wence--tiny"
    shutil.copytree(bert, cached / "snapshots" / commit)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(commit, "utf-8")
    script = "from index.embedders import load_embedder as l; e = l('wence/tiny'); print(e.name, e.dimension)"
    environment = {**os.environ, "HF_HUB_CACHE": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["wence/tiny@0123456789ab", "16"], done.stderr
