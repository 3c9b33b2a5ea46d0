"""Shows a report: a Chinese table for the terminal, a dictionary for JSON, Markdown for the README."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from eval.metrics import Metrics, TagScore
from eval.runner import Report, Row

_SHOWN = 10
"""Failed questions and warnings that the terminal lists; JSON holds all."""
_RANKED = 10


def table(report: Report) -> str:
    """Return the report as a reader of a terminal wants it: figures, tags, failures, warnings."""
    parts = [
        columns([("指标", "数值", "说明"), *_figures(report.metrics)]),
        columns([("题型", "题数", "答对或正确拒答", "首位命中"), *_tags(report.metrics.by_tag)]),
    ]
    failed = [f"题 {row.question.id}：{row.error}" for row in report.rows if row.error]
    parts += [_list("出错的题（按答错计）", failed), _list("题库的问题", report.warnings)]
    return "\n\n".join(part for part in parts if part)


def markdown(report: Report) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| 指标 | 数值 | 说明 |", "|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in _figures(report.metrics)]
    return "\n".join(lines) + "\n"


def to_dict(report: Report) -> dict[str, Any]:
    """Return what `wence eval --json` writes: metrics, questions, configuration, fingerprint, warnings."""
    return {
        "metrics": _metrics(report.metrics),
        "questions": [_question(row) for row in report.rows],
        "configuration": report.configuration,
        "fingerprint": report.fingerprint,
        "warnings": list(report.warnings),
    }


def _metrics(metrics: Metrics) -> dict[str, Any]:
    """Return the metrics under their usual names."""
    values = asdict(metrics)
    for prefix, name in (("", "passage"), ("article_", "article")):
        ranking = values.pop(name)
        values |= {
            f"{prefix}hit@1": ranking["hit_1"],
            f"{prefix}hit@5": ranking["hit_5"],
            f"{prefix}mrr@10": ranking["mrr_10"],
        }
    by_tag = [
        {("hit@1" if name == "hit_1" else name): value for name, value in score.items()}
        for score in values.pop("by_tag")
    ]
    return {**values, "by_tag": by_tag}


def _question(row: Row) -> dict[str, Any]:
    question, outcome = row.question, row.outcome
    nothing: dict[str, Any] = {"text": None, "refusal": None, "citations": [], "passages": []}
    shown = row.answer.to_dict() if row.answer else nothing
    return {
        "id": question.id,
        "tag": question.tag,
        "answerable": question.answerable,
        "refused": outcome.refused,
        "refusal": shown["refusal"],
        "correct": outcome.correct,
        "rank": outcome.rank,
        "article_rank": outcome.article_rank,
        "answer": shown["text"],
        "citations": shown["citations"],
        "passages": [
            {name: passage[name] for name in ("article_id", "start", "end")}
            for passage in shown["passages"][:_RANKED]
        ],
        "seconds": round(outcome.seconds, 4),
        "error": row.error or None,
    }


def _figures(metrics: Metrics) -> list[tuple[str, str, str]]:
    """Return name, value and meaning of every figure."""
    passage, article = metrics.passage, metrics.article
    accuracy = _with_interval(metrics.accuracy, metrics.accuracy_interval)
    recall = _with_interval(metrics.refusal_recall, metrics.refusal_recall_interval)
    return [
        (
            "题数",
            str(metrics.questions),
            f"有答案 {metrics.answerable}，无答案 {metrics.unanswerable}，出错 {metrics.failed}",
        ),
        ("段落 hit@1 / hit@5", _pair(passage.hit_1, passage.hit_5), "含依据的段落排在第一 / 前五"),
        ("段落 MRR@10", _decimal(passage.mrr_10), "含依据的段落名次倒数的平均"),
        ("文章 hit@1 / hit@5", _pair(article.hit_1, article.hit_5), "正确文章的段落排在第一 / 前五"),
        ("文章 MRR@10", _decimal(article.mrr_10), "正确文章名次倒数的平均"),
        ("回答正确率", accuracy, "有答案的题，要点全部答出；括号内为 95% 区间"),
        ("答对且引用可靠", _percent(metrics.grounded_accuracy), "答对，引用中有依据，引文逐字无误"),
        ("引用精确率", _percent(metrics.citation_precision), "引用出自正确文章，并含依据或答案"),
        ("首条引用文章正确", _percent(metrics.first_citation_article), "第一条引用出自正确文章"),
        ("引文逐字一致", _percent(metrics.quote_exactness), "引文与原文在该位置的字符完全相同"),
        ("数字有据", _percent(metrics.figure_accuracy), "回答里的数字见于所引原文"),
        ("拒答精确率", _percent(metrics.refusal_precision), "拒答的题里确实没有答案的"),
        ("拒答召回率", recall, "没有答案的题里被拒答的；括号内为 95% 区间"),
        ("用时 p50 / p95", _times(metrics.p50_seconds, metrics.p95_seconds), "每题，毫秒"),
    ]


def _tags(scores: Sequence[TagScore]) -> list[tuple[str, str, str, str]]:
    return [
        (
            f"{score.tag or '未标'}{'' if score.answerable else '（无答案）'}",
            str(score.questions),
            _percent(score.right),
            _percent(score.hit_1) if score.answerable else "",
        )
        for score in scores
    ]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def _pair(first: float | None, second: float | None) -> str:
    return f"{_percent(first)} / {_percent(second)}"


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _with_interval(value: float | None, interval: tuple[float, float] | None) -> str:
    if interval is None:
        return _percent(value)
    return f"{_percent(value)}（{interval[0]:.1%} 至 {interval[1]:.1%}）"


def _times(*seconds: float | None) -> str:
    """Milliseconds."""
    return " / ".join("-" if value is None else f"{value * 1000:.0f}" for value in seconds)


def _list(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    more = [f"  …… 另有 {len(lines) - _SHOWN} 条"] if len(lines) > _SHOWN else []
    return "\n".join([f"{title}：{len(lines)} 条", *(f"  {line}" for line in lines[:_SHOWN]), *more])


def columns(rows: Iterable[Sequence[str]]) -> str:
    """Align the cells; a Chinese character is two columns wide."""
    rows = list(rows)
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
