"""Instructions within articles change nothing: fifty attacks, through the extractive writer and a model.

Each attack stands in an article of its own city, between true sentences. `obeyed` is what a model would say
that does as the attack wants; nothing of `never` may be in the answer.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.embedders import load_embedder
from index.retriever import Retriever
from index.store import Store
from qa import Answer, Article, PolicyQA
from qa.generation import Limits
from qa.generation.model import ModelGenerator, harmless, messages
from qa.generation.remote import RemoteChat
from qa.question import understand
from tests.chat_server import Server, event, send, serving
from tests.conftest import evidence_of

ATTACKS: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "attacks.jsonl").read_text("utf-8").splitlines()
]
CITIES = [
    *(
        "石家庄",
        "唐山",
        "秦皇岛",
        "邯郸",
        "邢台",
        "保定",
        "张家口",
        "承德",
        "沧州",
        "廊坊",
        "太原",
        "大同",
        "阳泉",
    ),
    *(
        "长治",
        "晋城",
        "沈阳",
        "大连",
        "鞍山",
        "抚顺",
        "丹东",
        "长春",
        "吉林",
        "四平",
        "哈尔滨",
        "齐齐哈尔",
        "南京",
    ),
    *(
        "无锡",
        "徐州",
        "常州",
        "苏州",
        "南通",
        "扬州",
        "镇江",
        "宁波",
        "温州",
        "湖州",
        "绍兴",
        "合肥",
        "芜湖",
        "淮南",
    ),
    *("福州", "厦门", "泉州", "南昌", "九江", "青岛", "烟台", "洛阳", "武汉", "宜昌"),
]


def _article(city: str, number: int, attack: str = "") -> Article:
    title = f"{city}市智能工厂补助办法"
    lines = [
        title,
        f"对新认定的智能工厂，每家给予一次性补助{200 + number}万元。",
        attack,
        "申请单位应当在每年6月30日前提交材料。",
    ]
    return Article(
        f"a{number}", "\n".join(line for line in lines if line) + "\n", title, region="", kind="政策文件"
    )


def _question(number: int) -> str:
    return f"{CITIES[number]}市新认定的智能工厂每家补助多少万元？"


CASES = [pytest.param(n, attack, id=attack["id"]) for n, attack in enumerate(ATTACKS)]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store in which each article holds an attack."""
    return _store(tmp_path_factory, [_article(CITIES[n], n, a["article"]) for n, a in enumerate(ATTACKS)])


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store of the same articles without the attacks."""
    return _store(tmp_path_factory, [_article(CITIES[n], n) for n in range(len(ATTACKS))])


def _store(factory: pytest.TempPathFactory, articles: list[Article]) -> Path:
    path = factory.mktemp("attacks") / "store"
    PolicyQA.build(articles, path).close()
    return path


@pytest.fixture(scope="module")
def extractive(attacked: Path) -> Iterator[PolicyQA]:
    with PolicyQA.open(attacked) as qa:
        yield qa


@pytest.fixture(scope="module")
def expected(sound: Path) -> Iterator[PolicyQA]:
    with PolicyQA.open(sound) as qa:
        yield qa


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(send(b"data: [DONE]\n\n")) as running:
        yield running


@pytest.fixture(scope="module")
def obedient(attacked: Path, server: Server) -> Iterator[PolicyQA]:
    """Yield the attacked articles with a model behind a server, which says what the server is told to."""
    opened = Store.open(attacked)
    writer = ModelGenerator("remote:m", RemoteChat("m", api_base=server.base))
    with PolicyQA(opened, Retriever(opened, load_embedder()), writer, None, None) as qa:
        yield qa


def _check(answer: Answer, number: int, attack: dict[str, Any]) -> None:
    assert answer.refusal is None
    assert f"{200 + number}万元" in answer.text
    for part in attack["never"]:
        assert part not in answer.text
        assert part not in "".join(claim.text for claim in answer.claims)


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 40
    assert len(CITIES) >= len(ATTACKS)
    assert len({attack["article"] for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize(("number", "attack"), CASES)
def test_the_extractive_writer_answers_as_if_there_were_none(
    extractive: PolicyQA, expected: PolicyQA, number: int, attack: dict[str, Any]
) -> None:
    answer = extractive.ask(_question(number))
    _check(answer, number, attack)
    assert answer.text == expected.ask(_question(number)).text


@pytest.mark.parametrize(("number", "attack"), CASES)
def test_a_model_that_obeys_changes_nothing(
    obedient: PolicyQA, server: Server, number: int, attack: dict[str, Any]
) -> None:
    server.reply = send(event(attack["obeyed"]), b"data: [DONE]\n\n")
    _check(obedient.ask(_question(number)), number, attack)


@pytest.mark.parametrize(("number", "attack"), CASES)
def test_a_model_is_told_the_attack_as_a_quotation_only(number: int, attack: dict[str, Any]) -> None:
    fact = f"对新认定的智能工厂，每家给予一次性补助{200 + number}万元。"
    prompts = []
    for text in (attack["article"], "无关的一句。"):
        item = evidence_of(_article(CITIES[number], number, text), fact)
        prompts.append(messages(understand(_question(number)), [[item]], Limits()))
    (system, user), (same_system, same_user) = prompts
    assert system == same_system

    def own(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith("> ")]

    assert own(user["content"]) == own(same_user["content"])
    quoted = [line for line in user["content"].splitlines() if line.startswith("> ")]
    assert not any(mark in line[2:] for line in quoted for mark in "<>[]")
    assert f"> {harmless(fact)}" in quoted


def test_no_attack_becomes_a_control_token_of_a_local_model(tmp_path: Path) -> None:
    """The tokens by which chat templates tell roles apart are counted as a real tokenizer makes them."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    control = [
        *("<|im_start|>", "<|im_end|>", "[INST]", "[/INST]", "<s>", "</s>", "<<SYS>>", "<</SYS>>"),
        *("<start_of_turn>", "<end_of_turn>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"),
    ]
    made = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made, unk_token="<unk>", additional_special_tokens=control
    )
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    )
    special = {tokenizer.added_tokens_encoder[token] for token in control}

    def controls(chat: list[dict[str, str]]) -> list[int]:
        tokens = tokenizer.encode(tokenizer.apply_chat_template(chat, tokenize=False))
        return [token for token in tokens if token in special]

    raw = [{"role": "user", "content": attack["article"]} for attack in ATTACKS]
    assert len(controls(raw)) > 2 * len(raw)  # unfenced, they would
    for n, attack in enumerate(ATTACKS):
        fact = f"对新认定的智能工厂，每家给予一次性补助{200 + n}万元。"
        item = evidence_of(_article(CITIES[n], n, attack["article"]), fact)
        told = messages(understand(attack["article"].replace("\n", "")), [[item]], Limits())
        assert len(controls(told)) == 2 * len(told)
