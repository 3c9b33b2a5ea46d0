"""The command line: what each command prints and where, its JSON, its exit codes, its Chinese."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reportlab.pdfgen.canvas import Canvas
from safetensors.numpy import load_file, save_file

from index.embedders import BUNDLED
from qa.arguments import USER
from qa.cli import DONE, INTERNAL, main
from tests import pdfs
from tests.conftest import ARTICLES, ROOT, TRADITIONAL_2023

QUESTION = "天津累计建成多少家智能工厂和数字化车间？"


@pytest.fixture
def store(small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the small store, set as $WENCE_STORE."""
    shutil.copytree(small_store, tmp_path / "store")
    monkeypatch.setenv("WENCE_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep this machine's settings and data out of the tests."""
    for name in ("WENCE_STORE", "WENCE_API_BASE", "WENCE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


Captured = pytest.CaptureFixture[str]


def _run(capsys: Captured, *argv: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in argv])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def _json(capsys: Captured, *argv: object) -> Any:
    code, out, _ = _run(capsys, *argv, "--json")
    assert code == DONE
    return json.loads(out)


def _fails(capsys: Captured, *argv: object) -> str:
    """Return the one line that a user's error prints."""
    code, out, err = _run(capsys, *argv)
    assert code == USER
    assert out == ""
    assert err.startswith("wence：")
    assert len(err.splitlines()) == 1
    return err


# index


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "文章"
    (folder / "子").mkdir(parents=True)
    (folder / "子" / "上海.txt").write_text("上海市育儿办法\n上海市对二孩家庭每孩发放补贴6600元。\n", "utf-8")
    record = {"id": "宁波-1", "text": "宁波市每月发放补贴300元。", "date": "2023-07-28 16：40", "title": ""}
    (folder / "记录.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    (folder / "坏.txt").write_bytes(b"\xff\xff\x00\x81")
    return folder


def test_index_reads_the_rest_and_names_what_it_cannot(capsys: Captured, tmp_path: Path) -> None:
    store = tmp_path / "store"
    code, out, err = _run(capsys, "index", _folder(tmp_path), "--store", store)
    assert code == DONE
    assert "新增 2 篇" in out
    assert "未能读取 1 个" in out
    assert "坏.txt" in err
    assert _json(capsys, "show", "子/上海.txt", "--store", store)["article"]["region"] == "上海市"
    shown = _json(capsys, "show", "宁波-1", "--store", store)
    assert shown["article"]["published"] == "2023-07-28"


def test_index_names_every_hostile_file_in_one_line(capsys: Captured, tmp_path: Path) -> None:
    folder = _folder(tmp_path)
    hostile = {
        "炸弹.txt.gz": gzip.compress(bytes(30_000_000)),
        "坏包.zip": b"PK\x03\x04" + bytes(50),
        "坏.pdf": b"%PDF-1.7\n" + bytes(500),
        "坏.docx": b"PK\x05\x06" + bytes(18),
        "旧.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
        "图.png": b"\x89PNG\r\n\x1a\n",
        "空.html": b"<html><script>1</script></html>",
    }
    for name, data in hostile.items():
        (folder / name).write_bytes(data)
    (folder / "外.txt").symlink_to("/etc/hostname")
    code, out, err = _run(capsys, "index", folder, "--store", tmp_path / "store")
    assert code == DONE
    assert "新增 2 篇" in out
    named = {
        Path(line.split("：")[0].removeprefix("未能读取 ")).name for line in err.splitlines() if "；" in line
    }
    assert named == {*hostile, "外.txt", "坏.txt"}


def test_index_again_costs_nothing_and_removes_nothing(capsys: Captured, tmp_path: Path) -> None:
    folder, store = _folder(tmp_path), tmp_path / "store"
    _run(capsys, "index", folder, "--store", store)
    (folder / "记录.jsonl").unlink()
    code, out, _ = _run(capsys, "index", folder, "--store", store)
    assert code == DONE
    assert "新增 0 篇，更新 0 篇，未变 1 篇" in out
    assert _json(capsys, "info", "--store", store)["articles"] == 2


def test_index_of_nothing_readable_is_a_users_error(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "坏.txt").write_bytes(b"\xff\xff\x00\x81")
    code, _, err = _run(capsys, "index", tmp_path / "坏.txt", "--store", tmp_path / "store")
    assert code == USER
    assert "坏.txt" in err


def test_index_of_a_path_that_is_not_there(capsys: Captured, tmp_path: Path) -> None:
    assert "找不到" in _fails(capsys, "index", tmp_path / "无", "--store", tmp_path / "store")


def test_two_sources_with_one_id_are_both_named(capsys: Captured, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "办法.txt").write_text(f"{name}市办法\n补贴{len(name)}元。", "utf-8")
    error = _fails(capsys, "index", tmp_path / "甲", tmp_path / "乙", "--store", tmp_path / "store")
    assert str(tmp_path / "甲" / "办法.txt") in error
    assert str(tmp_path / "乙" / "办法.txt") in error


# ask


def test_ask_prints_one_object(capsys: Captured, store: Path) -> None:
    code, out, _ = _run(capsys, "ask", QUESTION, "--json")
    assert code == DONE
    assert "天津" in out  # not escaped
    answer = json.loads(out)
    assert {"question", "text", "refusal", "claims", "citations", "passages", "seconds"} <= set(answer)
    assert (answer["question"], answer["refusal"]) == (QUESTION, None)
    assert all(set(claim) == {"text", "citations"} for claim in answer["claims"])
    texts = {article.id: article.text for article in ARTICLES}
    for number, citation in enumerate(answer["citations"], start=1):
        assert set(citation) == {
            *("number", "article_id", "title", "publisher", "published", "url", "page", "start", "end"),
            *("quote", "verified"),
        }
        assert citation["number"] == number
        assert citation["verified"] is True
        assert texts[citation["article_id"]][citation["start"] : citation["end"]] == citation["quote"]
    assert answer["citations"][0]["published"] == "2024-12-30"
    assert 1 <= len(answer["passages"]) <= 10
    for passage in answer["passages"]:
        assert set(passage) == {"article_id", "start", "end", "text", "score", "stages"}
        assert texts[passage["article_id"]][passage["start"] : passage["end"]] == passage["text"]
    scores = [passage["score"] for passage in answer["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert set(answer["seconds"]) == {"retrieve", "select", "write", "total"}


def test_a_refusal_is_done(capsys: Captured, store: Path) -> None:
    answer = _json(capsys, "ask", "上海二孩家庭一次性发放的育儿补贴是多少元？")
    assert answer["refusal"] == "地区不符"
    assert answer["claims"] == answer["citations"] == []
    assert answer["passages"]
    assert _run(capsys, "ask", "上海二孩家庭一次性发放的育儿补贴是多少元？")[0] == DONE


def test_ask_prints_answer_sources_and_the_newest_day(capsys: Captured, store: Path) -> None:
    code, out, _ = _run(capsys, "ask", QUESTION)
    assert code == DONE
    for part in ("450家", "[1]", "《天津市2024年智能制造发展情况》", "tianjin-2024", "「截至2024年底"):
        assert part in out
    assert "2024-12-30" in out.splitlines()[-1]


def test_a_citation_of_a_pdf_names_its_page(capsys: Captured, store: Path, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for line in (
            "海滨市电动自行车充电收费办法\n本办法适用于海滨市。",
            "海滨市电动自行车充电每次收费2元。",
        ):
            for row, text in enumerate(line.split("\n")):
                canvas.setFont(pdfs.SIMPLIFIED, 14)
                canvas.drawString(72, 700 - 30 * row, text)
            canvas.showPage()

    (tmp_path / "收费.pdf").write_bytes(pdfs.drawn(draw))
    assert _run(capsys, "index", tmp_path / "收费.pdf")[0] == DONE
    question = "海滨市电动自行车充电每次收费多少元？"
    answer = _json(capsys, "ask", question)
    assert [(c["article_id"], c["page"]) for c in answer["citations"]][:1] == [("收费.pdf", 2)]
    assert "收费.pdf，第 2 页，第 " in _run(capsys, "ask", question)[1]


def test_ask_keeps_the_length(capsys: Captured, store: Path) -> None:
    for characters in (20, 45, 80):
        answer = _json(capsys, "ask", QUESTION, "--max-chars", characters)
        text = answer["text"]
        for citation in answer["citations"]:
            text = text.replace(f"[{citation['number']}]", "")
        assert len(text) <= characters


def test_ask_keeps_filters(capsys: Captured, store: Path) -> None:
    answer = _json(capsys, "ask", QUESTION, "--until", "2020年12月31日")
    assert {passage["article_id"] for passage in answer["passages"]} == {"tianjin-2020"}
    answer = _json(capsys, "ask", "有什么补贴？", "--region", "嘉兴", "--since", "2021-01-01")
    assert {p["article_id"] for p in answer["passages"]} <= {"jiaxing-2021", "national-2022"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--region", "火星"), "火星"),
        (("--since", "昨天"), "--since"),
        (("--until", "2024-13-99"), "2024-13-99"),
        (("--as-of", "去年夏天"), "--as-of"),
        (("--max-chars", "0"), "--max-chars"),
        (("--generator", "gpt"), "extractive"),
        (("--generator", "remote:m"), "WENCE_API_BASE"),
        (("--embedder", "/无"), "/无"),
        (("--store", "/无"), "wence index"),
    ],
)
def test_an_unusable_option_is_one_line(
    capsys: Captured, store: Path, options: Sequence[str], said: str
) -> None:
    assert said in _fails(capsys, "ask", QUESTION, *options)


def test_an_unknown_kind_is_named_with_those_there_are(capsys: Captured, store: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["ask", QUESTION, "--kind", "小说"])
    assert stopped.value.code == USER
    assert "参数 --kind：不能是 小说（可选：法规、政策文件、解读、新闻、访谈）" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        (("--as-of", "2015-01-01"), False),
        (("--as-of", "2025年1月1日"), True),
        (("--publisher", "无此报"), False),
        (("--status", "已废止"), False),
    ],
)
def test_filters_limit_what_is_answered_from(
    capsys: Captured, store: Path, options: Sequence[str], answers: bool
) -> None:
    assert (_json(capsys, "ask", QUESTION, *options)["refusal"] is None) == answers


def test_an_empty_question_is_a_users_error(capsys: Captured, store: Path) -> None:
    assert "问题是空的" in _fails(capsys, "ask", " ")


def test_another_embedder_is_named(capsys: Captured, store: Path, tmp_path: Path) -> None:
    shutil.copytree(BUNDLED, tmp_path / "embedder")
    tensors = load_file(tmp_path / "embedder" / "model.safetensors")
    reversed_rows = {name: np.ascontiguousarray(tensor[::-1]) for name, tensor in tensors.items()}
    save_file(reversed_rows, tmp_path / "embedder" / "model.safetensors")
    error = _fails(capsys, "ask", QUESTION, "--embedder", tmp_path / "embedder")
    assert error.count("wence-static@") == 2
    assert "wence-static@" in _fails(
        capsys, "index", _folder(tmp_path), "--embedder", tmp_path / "embedder", "--store", store
    )


# show, info, verify, remove


def test_show_prints_the_promised_object(capsys: Captured, store: Path) -> None:
    shown = _json(capsys, "show", TRADITIONAL_2023.id)
    assert set(shown) == {"article", "text", "passages", "removed"}
    assert shown["text"] == TRADITIONAL_2023.text
    article = shown["article"]
    assert (article["id"], article["title"]) == (TRADITIONAL_2023.id, TRADITIONAL_2023.title)
    assert (article["published"], article["region"]) == ("2023-05-18", "天津市")
    assert "text" not in article
    assert shown["passages"]
    for passage in shown["passages"]:
        assert set(passage) == {"start", "end"}
        assert 0 <= passage["start"] < passage["end"] <= len(shown["text"])
    places = [(part["start"], part["end"]) for part in shown["removed"]]
    assert [shown["text"][start:end] for start, end in places] == ["(xiàng)"]
    assert all(part["reason"] for part in shown["removed"])


def test_show_prints_for_people(capsys: Captured, store: Path) -> None:
    code, out, _ = _run(capsys, "show", TRADITIONAL_2023.id)
    assert code == DONE
    assert f"标题：{TRADITIONAL_2023.title}" in out
    assert "不超過90㎡" in out
    assert "拼音注音（1 处，共 7 字）\n    (xiàng)" in out


def test_show_says_where_each_field_was_read(capsys: Captured, store: Path, tmp_path: Path) -> None:
    text = "关于奖励的通知\n海政发〔2024〕5号\n各区：\n每家奖励30万元。\n海滨市人民政府\n2024年3月5日\n"
    (tmp_path / "通知.txt").write_text(text, encoding="utf-8")
    assert _run(capsys, "index", tmp_path / "通知.txt")[0] == DONE
    out = _run(capsys, "show", "通知.txt")[1]
    assert "制定机关：海滨市人民政府（落款，第 34-41 字）" in out
    assert "文号：海政发〔2024〕5号（文号行，第 8-19 字）" in out
    article = _json(capsys, "show", "通知.txt")["article"]
    assert article["issuer"] == "海滨市人民政府"
    assert (article["effective"], article["expires"], article["author"]) == (None, None, "")
    places = {origin["field"]: text[origin["start"] : origin["end"]] for origin in article["origins"]}
    assert places["title"] == "关于奖励的通知"
    assert places["published"] == "2024年3月5日"


def test_show_of_an_unknown_article(capsys: Captured, store: Path) -> None:
    assert "无此文" in _fails(capsys, "show", "无此文")


def test_info_says_what_is_held(capsys: Captured, store: Path) -> None:
    info = _json(capsys, "info")
    assert info["articles"] == len(ARTICLES)
    assert info["passages"] >= len(ARTICLES)
    assert info["newest"] == "2024-12-30"
    assert info["store"] == str(store)
    assert info["embedder"].startswith("wence-static@")
    assert info["bytes"] > 0
    code, out, _ = _run(capsys, "info")
    assert code == DONE
    assert f"文章（篇）：{len(ARTICLES)}" in out


def test_verify_finds_a_whole_store_whole(capsys: Captured, store: Path) -> None:
    assert _run(capsys, "verify") == (DONE, "索引完好\n", "")


def test_verify_finds_what_is_lost(capsys: Captured, store: Path) -> None:
    shutil.rmtree(store / "dense")
    code, out, err = _run(capsys, "verify")
    assert code == USER
    assert "处问题" in out
    assert err


def test_remove_takes_articles_out(capsys: Captured, store: Path) -> None:
    code, out, _ = _run(capsys, "remove", "tianjin-2020", "national-2022")
    assert (code, out) == (DONE, "已移除 2 篇\n")
    assert _json(capsys, "info")["articles"] == len(ARTICLES) - 2
    assert "tianjin-2020" in _fails(capsys, "show", "tianjin-2020")


def test_remove_of_an_unknown_article_removes_none(capsys: Captured, store: Path) -> None:
    assert "无此文" in _fails(capsys, "remove", "tianjin-2024", "无此文")
    assert _json(capsys, "info")["articles"] == len(ARTICLES)


# eval

ROWS = [
    {
        "id": "q1",
        "question": "2024年天津累计建成多少家智能工厂和数字化车间？",
        "answerable": True,
        "must": [["450家", "四百五十家"]],
        "article": "tianjin-2024",
        "tag": "direct",
        "evidence": "累计建成智能工厂和数字化车间450家",
    },
    {
        "id": "q2",
        "question": "上海二孩家庭一次性发放的育儿补贴是多少元？",
        "answerable": False,
        "tag": "wrong-region",
    },
]


def test_eval_writes_metrics_and_every_question(capsys: Captured, store: Path, tmp_path: Path) -> None:
    questions, report = tmp_path / "questions.jsonl", tmp_path / "report.json"
    questions.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), "utf-8")
    code, out, _ = _run(capsys, "eval", questions, "--json", report)
    assert code == DONE
    assert "正确率" in out
    written = json.loads(report.read_text("utf-8"))
    assert {"metrics", "questions"} <= set(written)
    first, second = written["questions"]
    keys = {"id", "refused", "correct", "rank", "article_rank", "answer", "citations", "passages", "seconds"}
    assert keys <= set(first)
    assert (first["id"], first["refused"], first["correct"], first["rank"]) == ("q1", False, True, 1)
    assert "450家" in first["answer"]
    assert first["citations"][0]["article_id"] == "tianjin-2024"
    assert set(first["passages"][0]) == {"article_id", "start", "end"}
    assert (second["refused"], second["rank"], second["article_rank"]) == (True, None, None)


def test_eval_of_a_file_that_is_not_there(capsys: Captured, store: Path, tmp_path: Path) -> None:
    assert "无.jsonl" in _fails(capsys, "eval", tmp_path / "无.jsonl")


# Where the store is


def test_an_option_comes_before_the_environment(capsys: Captured, store: Path, tmp_path: Path) -> None:
    assert str(tmp_path / "other") in _fails(capsys, "info", "--store", tmp_path / "other")


def test_without_either_it_is_the_users_data(
    capsys: Captured, small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs

    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_, **__: tmp_path / "data" / "wence")
    assert str(tmp_path / "data" / "wence" / "store") in _fails(capsys, "info")
    shutil.copytree(small_store, tmp_path / "data" / "wence" / "store")
    assert _json(capsys, "info")["articles"] == len(ARTICLES)


# Arguments, help, internal errors


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "缺少参数"),
        (["查询"], "不能是"),
        (["ask"], "缺少参数"),
        (["ask", "问", "--max-chars", "多"], "不是整数"),
        (["ask", "问", "--max-chars"], "后面要有一个值"),
        (["ask", "问", "--unknown"], "不认识的参数"),
        (["index"], "缺少参数"),
    ],
)
def test_wrong_arguments_are_one_chinese_line(capsys: Captured, argv: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(argv)
    error = capsys.readouterr().err
    assert left.value.code == USER
    assert said in error
    assert "--help" in error
    assert len(error.splitlines()) == 1
    assert not any(word in error for word in ("argument", "required", "invalid", "choose", "expected"))


@pytest.mark.parametrize("command", ["", "index", "ask", "show", "serve", "eval", "verify", "info", "remove"])
def test_help_is_chinese(capsys: Captured, command: str) -> None:
    with pytest.raises(SystemExit) as left:
        main([*([command] if command else []), "--help"])
    help_ = capsys.readouterr().out
    assert left.value.code == DONE
    assert "用法：" in help_
    assert not any(word in help_ for word in ("usage", "options", "positional", "show this", "default:"))


def test_an_internal_error_is_told_from_a_users(
    capsys: Captured, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("bug")

    monkeypatch.setattr("qa.engine.select", fail)
    code, out, err = _run(capsys, "ask", QUESTION)
    assert code == INTERNAL
    assert out == ""
    assert "RuntimeError: bug" in err
    assert "内部错误" in err.splitlines()[-1]


def _process(*arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "qa", *arguments],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        check=False,
    )


def test_help_works_in_a_process_without_utf8() -> None:
    done = _process("--help", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == DONE
    assert "问策" in done.stdout.decode("utf-8")


def test_json_alone_goes_to_standard_output_of_a_process(small_store: Path) -> None:
    done = _process(
        "ask", QUESTION, "--json", "--store", str(small_store), LC_ALL="C", PYTHONIOENCODING="ascii"
    )
    assert done.returncode == DONE
    assert "450家" in json.loads(done.stdout.decode("utf-8"))["text"]


def test_a_reader_of_the_pipe_who_leaves_is_no_error(small_store: Path) -> None:
    command = f'"{sys.executable}" -m qa show jiaxing-2021 --store "{small_store}" | head -c 1'
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr
