"""The command `wence`: index, ask, show, serve, eval, verify, info, remove."""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import InputError, WenceError
from index.records import KINDS, STATUSES, Filters
from qa.arguments import USER, Parser

if TYPE_CHECKING:
    from qa.engine import PolicyQA
    from qa.records import Answer

DONE, INTERNAL = 0, 1
"""Exit codes, beside USER; a refusal is done."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 2 a user's error, 1 an internal one."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except WenceError as error:
        print(f"wence：{error}", file=sys.stderr)
        return USER
    except KeyboardInterrupt:
        print("wence：已中断；索引仍是上次完成时的样子", file=sys.stderr)
        return USER
    except BrokenPipeError:
        # The reader of a pipe went away; Python must not complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception:
        traceback.print_exc()
        print("wence：内部错误，请把上面的内容报告给维护者", file=sys.stderr)
        return INTERNAL


def _index(options: argparse.Namespace) -> int:
    from index.embedders import load_embedder
    from index.readers import read_all
    from index.store import Store

    store = Store.open(_store(options), create=True)
    try:
        with _progress("篇") as progress:
            articles = read_all([Path(path) for path in options.paths])
            report = store.update(articles, load_embedder(options.embedder), progress=progress)
        reprints = store.info().reprints
    finally:
        store.close()
    for failure in report.failures:
        print(f"未能读取 {failure.path}：{failure.message}", file=sys.stderr)
    print(
        f"新增 {report.added} 篇，更新 {report.changed} 篇，未变 {report.unchanged} 篇，"
        f"未能读取 {len(report.failures)} 个；共 {report.passages} 段。索引：{_store(options)}"
    )
    if reprints:
        print(f"库中有 {reprints} 篇与另一篇文字相同，已作为转载并入那一篇")
    read = report.added + report.changed + report.unchanged
    return USER if report.failures and not read else DONE


def _ask(options: argparse.Namespace) -> int:
    filters = Filters(
        region=_region(options.region),
        since=_date(options.since, "--since"),
        until=_date(options.until, "--until"),
        publisher=options.publisher or "",
        kind=options.kind or "",
        as_of=_date(options.as_of, "--as-of"),
        status=options.status or "",
    )
    with _open(options) as qa:
        answer = qa.ask(options.question, earlier=options.after, filters=filters, max_chars=options.max_chars)
        if options.json:
            _print_json(answer.to_dict())
        else:
            print(_readable(answer))
            print(_as_of(qa))
    return DONE


def _show(options: argparse.Namespace) -> int:
    from index.cleaning import find_edits
    from index.store import Store
    from qa.facts import field_lines, relation_lines
    from qa.removals import removal_lines

    store = Store.open(_store(options))
    try:
        article = store.article(options.article_id)
        passages = store.passages(options.article_id)
        relations = store.relations(options.article_id)
    finally:
        store.close()
    edits = find_edits(article.text, article.recurring)
    removed = [edit for edit in edits if not edit.replacement]
    if options.json:
        fields = asdict(article)
        del fields["text"]
        _print_json(
            {
                "article": fields | {"relations": asdict(relations)},
                "text": article.text,
                "passages": [{"start": p.start, "end": p.end} for p in passages],
                "removed": [{"start": e.start, "end": e.end, "reason": e.reason} for e in removed],
            }
        )
        return DONE
    for line in (*field_lines(article), *relation_lines(relations)):
        print(line)
    print(f"\n{article.text}\n\n共 {len(passages)} 段；检索与引用时不看以下 {len(removed)} 处：")
    for line in removal_lines(article.text, edits):
        print(line)
    return DONE


def _serve(options: argparse.Namespace) -> int:
    from qa.web import serve

    with _open(options) as qa:
        serve(
            qa,
            options.host,
            options.port,
            started=lambda address: print(f"网页：{address}（按 Ctrl+C 结束）", file=sys.stderr),
        )
    return DONE


def _eval(options: argparse.Namespace) -> int:
    from eval.questions import load_questions
    from eval.report import table, to_dict
    from eval.runner import evaluate

    questions = load_questions(Path(options.questions), options.split)
    with _open(options) as qa, _progress("题") as progress:
        report = evaluate(qa, questions, max_chars=options.max_chars, progress=progress)
    print(table(report))
    if options.json:
        try:
            Path(options.json).write_text(
                json.dumps(to_dict(report), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        except OSError as error:
            raise InputError(f"写不了 {options.json}（{error.strerror}）：请换一个可写的位置") from error
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from index.store import Store

    store = Store.open(_store(options))
    try:
        problems = store.verify()
    finally:
        store.close()
    for problem in problems:
        print(problem, file=sys.stderr)
    print("索引完好" if not problems else f"发现 {len(problems)} 处问题：请重新运行 wence index")
    return DONE if not problems else USER


def _info(options: argparse.Namespace) -> int:
    from index.store import Store

    store = Store.open(_store(options))
    try:
        info = store.info()
    finally:
        store.close()
    fields: dict[str, Any] = {
        "store": str(info.path),
        "articles": info.articles,
        "reprints": info.reprints,
        "passages": info.passages,
        "newest": info.newest.isoformat() if info.newest else None,
        "embedder": info.embedder,
        "generation": info.generation,
        "bytes": info.bytes,
    }
    if options.json:
        _print_json(fields)
        return DONE
    labels = (
        "索引",
        "文章（篇）",
        "其中转载（篇）",
        "段落（段）",
        "最新文章日期",
        "向量模型",
        "提交次数",
        "大小（字节）",
    )
    for label, value in zip(labels, fields.values(), strict=True):
        print(f"{label}：{value if value is not None else '无'}")
    return DONE


def _remove(options: argparse.Namespace) -> int:
    from index.store import Store

    store = Store.open(_store(options))
    try:
        removed = store.remove(options.article_ids)
    finally:
        store.close()
    print(f"已移除 {len(removed)} 篇")
    return DONE


def _open(options: argparse.Namespace) -> "PolicyQA":
    from qa.engine import PolicyQA

    return PolicyQA.open(
        _store(options),
        embedder=options.embedder,
        reranker=options.reranker,
        reader=options.reader,
        generator=options.generator,
        api_base=os.environ.get("WENCE_API_BASE", ""),
        api_key=os.environ.get("WENCE_API_KEY", ""),
    )


def _store(options: argparse.Namespace) -> Path:
    """Return the store's directory: --store, else $WENCE_STORE, else a per-user data directory."""
    chosen = options.store or os.environ.get("WENCE_STORE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_data_path

    return user_data_path("wence", appauthor=False) / "store"


def _region(name: str | None) -> str:
    if not name:
        return ""
    from index.regions import find_regions

    mentions = find_regions(name)
    if len({mention.region for mention in mentions}) != 1:
        raise InputError(f"不认识地区「{name}」：请写一个省、市、区县的名称，例如 --region 天津市")
    return mentions[0].region.full_name


def _date(text: str | None, option: str) -> date | None:
    if not text:
        return None
    from index.dates import parse_date

    found = parse_date(text)
    if found is None:
        raise InputError(f"{option} 的日期「{text}」读不懂：请写成 2024-12-31")
    return found


def _readable(answer: "Answer") -> str:
    lines = [answer.text]
    if answer.citations:
        lines += ["", "依据："]
    for citation in answer.citations:
        about = "，".join(
            part
            for part in (
                f"《{citation.title or citation.article_id}》",
                citation.publisher,
                citation.published.isoformat() if citation.published else "日期不详",
            )
            if part
        )
        page = f"第 {citation.page} 页，" if citation.page else ""
        place = f"{citation.article_id}，{page}第 {citation.start}-{citation.end} 字"
        lines.append(f"[{citation.number}] {about}（{place}）")
        lines.append(f"    「{citation.quote}」")
    lines += [f"注：{note}" for note in answer.notes]
    return "\n".join(lines)


def _as_of(qa: "PolicyQA") -> str:
    newest = qa.info().newest
    return f"\n以原文为准。库中最新文章日期：{newest.isoformat() if newest else '不详'}"


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))  # days as 2024-12-31


@contextmanager
def _progress(unit: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that moves a bar on standard error; no bar where that is piped."""
    from tqdm import tqdm

    with tqdm(unit=unit, disable=None, file=sys.stderr) as bar:

        def advance(count: int) -> None:
            bar.update(count)

        yield advance


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="wence", description="问策：中文政策文章问答，每一句都能追溯到原文。")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=Parser)

    def command(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.add_argument("--store", metavar="目录", help="索引目录；默认 $WENCE_STORE，再默认用户数据目录")
        sub.set_defaults(run=run)
        return sub

    def model(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--embedder", metavar="模型", help="向量模型的路径或名称；默认用自带的模型")

    def answering(sub: argparse.ArgumentParser) -> None:
        model(sub)
        sub.add_argument(
            "--reranker",
            metavar="模型",
            help="重排模型：reader 为自带的阅读模型，或 CrossEncoder 的路径或名称；默认不重排",
        )
        sub.add_argument(
            "--reader",
            metavar="模型",
            help="阅读模型的路径或名称；默认用自带的模型，rules 为只按规则找依据",
        )
        sub.add_argument(
            "--generator",
            metavar="方式",
            default="extractive",
            help="extractive（摘录原文，默认）、local:模型、"
            "remote:模型（地址取自 $WENCE_API_BASE，密钥取自 $WENCE_API_KEY）",
        )

    sub = command("index", _index, "读入文章，建立或更新索引")
    sub.add_argument("paths", nargs="+", metavar="路径", help="文件或文件夹；格式见 README")
    model(sub)

    sub = command("ask", _ask, "提问，得到注明出处的回答")
    sub.add_argument("question", metavar="问题")
    sub.add_argument(
        "--after",
        metavar="问题",
        action="append",
        default=[],
        help="接着哪个问题问，例如 --after 天津的补贴是多少 后再问「那嘉兴呢」；可写多次，先问的在前",
    )
    sub.add_argument("--json", action="store_true", help="输出 JSON")
    sub.add_argument(
        "--max-chars", type=int, default=200, metavar="N", help="回答最多多少字，不计引用标记；默认 200"
    )
    sub.add_argument("--region", metavar="地区", help="只看这个地区，以及包含它和它包含的地区")
    sub.add_argument("--since", metavar="日期", help="只看这一天及以后发布的文章")
    sub.add_argument("--until", metavar="日期", help="只看这一天及以前发布的文章")
    sub.add_argument("--publisher", metavar="名称", help="只看名称含有这几个字的单位发布、转载或制定的文章")
    sub.add_argument("--kind", metavar="类别", choices=KINDS, help=f"只看这一类文章：{'、'.join(KINDS)}")
    sub.add_argument("--as-of", metavar="日期", help="只看这一天有效的文章：已经发布并施行，尚未失效或废止")
    sub.add_argument(
        "--status", metavar="状态", choices=STATUSES, help=f"只看写明这个状态的文章：{'、'.join(STATUSES)}"
    )
    answering(sub)

    sub = command("show", _show, "显示一篇文章的原文、段落和清理掉的部分")
    sub.add_argument("article_id", metavar="文章编号")
    sub.add_argument("--json", action="store_true", help="输出 JSON")

    sub = command("serve", _serve, "打开问答网页")
    sub.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认 127.0.0.1，只有本机能访问")
    sub.add_argument("--port", type=int, default=7860, metavar="端口", help="默认 7860")
    answering(sub)

    sub = command("eval", _eval, "用一套问题评测")
    sub.add_argument("questions", metavar="问题.jsonl")
    sub.add_argument("--json", metavar="文件", help="把全部结果写到这个文件")
    sub.add_argument("--max-chars", type=int, default=200, metavar="N", help="回答最多多少字；默认 200")
    sub.add_argument("--split", metavar="名称", help="只用 split 字段是这个名称的问题")
    answering(sub)

    command("verify", _verify, "检查索引是否完好")
    sub = command("info", _info, "显示索引里有什么")
    sub.add_argument("--json", action="store_true", help="输出 JSON")
    sub = command("remove", _remove, "从索引中移除文章")
    sub.add_argument("article_ids", nargs="+", metavar="文章编号")
    return parser
