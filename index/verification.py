"""Verification: whether a store's texts, passages and vectors are sound, and its three parts agree."""

import sqlite3
from pathlib import Path

import numpy as np

from index import database
from index.damage import DamagedIndexError
from index.database import Generation
from index.lexical import find_damage
from index.snapshot import Indexes
from index.updating import fingerprint

MAX_PASSAGE = 400


def verify(path: Path, connection: sqlite3.Connection) -> list[str]:
    """What is wrong, in sentences for people; empty if nothing is. Reads everything once."""
    problems = [
        f"数据库 {path / database.FILE} 有损坏：{row[0]}"
        for row in connection.execute("PRAGMA integrity_check")
        if row[0] != "ok"
    ]
    if problems:
        return problems
    generation = database.newest_generation(connection)
    if generation is None:
        return []
    return [*_check_articles(connection, generation), *_check_files(path, connection, generation)]


def _check_articles(connection: sqlite3.Connection, generation: Generation) -> list[str]:
    problems = []
    articles = 0
    ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id")]
    for article_id in ids:
        articles += 1
        article = database.article(connection, article_id)
        stored = connection.execute(
            "SELECT fingerprint, region, published, names, kind, first_day, last_day"
            " FROM articles WHERE id = ?",
            (article_id,),
        ).fetchone()
        if stored != (fingerprint(article), *database.asked(article)):
            problems.append(f"文章「{article_id}」与入库时的校验值不符；请重新 wence index 这篇文章")
        for passage in database.passages_of(connection, article_id):
            size, length = passage.end - passage.start, len(passage.search_text)
            runs_fit = all(
                0 <= a <= b <= length and passage.start <= c <= d <= passage.end
                for a, b, c, d in passage.offsets
            )
            if not (
                0 <= passage.start < passage.end <= len(article.text) and size <= MAX_PASSAGE and runs_fit
            ):
                problems.append(
                    f"段落「{passage.id}」的位置与原文不符；请重新 wence index 文章「{article_id}」"
                )
    passages = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    lone = connection.execute(
        "SELECT count(*) FROM passages LEFT JOIN vectors ON passage = key WHERE passage IS NULL"
    ).fetchone()[0]
    if lone:
        problems.append(f"有 {lone} 个段落没有向量；请重新 wence index 这些文章")
    astray = connection.execute(
        "SELECT count(*) FROM articles"
        " WHERE reprint_of NOT IN (SELECT key FROM articles WHERE reprint_of IS NULL)"
        " OR (reprint_of IS NULL AND key IN (SELECT article FROM shelf))"
        " OR (reprint_of IS NOT NULL AND key IN (SELECT article FROM passages))"
    ).fetchone()[0]
    if astray:
        problems.append(f"有 {astray} 篇转载与所转的文章对不上；请重新 wence index 这些文章")
    if (articles, passages) != (generation.articles, generation.passages):
        problems.append(
            f"数据库有 {articles} 篇文章、{passages} 个段落，而提交记录是"
            f" {generation.articles} 篇、{generation.passages} 个；请重新 wence index"
        )
    return problems


def _check_files(path: Path, connection: sqlite3.Connection, generation: Generation) -> list[str]:
    remedy = f"请删去 {path / 'lexical'} 与 {path / 'dense'}，下次查询时会自动重建"
    try:
        indexes = Indexes(path, connection, generation)
        broken = find_damage(path / "lexical" / generation.lexical)
    except (DamagedIndexError, OSError) as error:
        return [f"检索文件丢失或损坏（{error}）；{remedy}"]
    if broken:
        return [f"全文索引的文件已损坏：{'、'.join(broken)}；{remedy}"]
    problems = []
    known = np.array(
        [k for (k,) in connection.execute("SELECT key FROM passages ORDER BY key")], dtype=np.int64
    )
    if not np.isin(known, indexes.lexical.keys()).all():
        problems.append(f"全文索引缺少部分段落；{remedy}")
    if not np.isin(known, indexes.dense.keys()).all():
        problems.append(f"向量索引缺少部分段落；{remedy}")
    elif any(
        not np.array_equal(indexes.dense.vectors(keys), vectors.astype(np.float32))
        for keys, vectors in database.vectors_after(connection, 0, generation.dimension)
    ):
        problems.append(f"向量索引与数据库中的向量不同；{remedy}")
    return problems
