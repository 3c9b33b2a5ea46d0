"""Metadata: what an article says of itself; what is uncertain stays empty."""

from datetime import date
from pathlib import Path

import pytest

from index.metadata import describe

BODY = "市科技局公布了新的奖励办法，规定获得认定的企业一次性给予50万元，申报从下个月开始，由各区初审后上报。"


def test_what_is_given_is_kept() -> None:
    article = describe(
        "x",
        f"# 别的题目\n来源：某某日报 2020-01-01\n{BODY}",
        title="题目",
        published="2023-07-28 16：40",
        publisher="某网",
        url=" u ",
    )
    assert (article.id, article.title, article.published) == ("x", "题目", date(2023, 7, 28))
    assert (article.publisher, article.url) == ("某网", "u")


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("20230728", date(2023, 7, 28)),
        ("2023年7月28日", date(2023, 7, 28)),
        ("2023/7/28", date(2023, 7, 28)),
        ("不详", None),
    ],
)
def test_given_date(given: str, day: date | None) -> None:
    assert describe("x", BODY, published=given).published == day


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"# 奖励办法\n\n{BODY}", "奖励办法"),
        (f"科學(xué)城獎勵辦法\n{BODY}", "科學城獎勵辦法"),
        (f"收藏本站 投稿\n奖励办法\n{BODY}", "奖励办法"),
        (f"{BODY}\n{BODY}\n原文标题：奖励办法出台\n责任编辑：甲", "奖励办法出台"),
        (f"标题：奖励办法\n{BODY}", "奖励办法"),
        (BODY, ""),
        (f"编者按：\n{BODY}", ""),
        ("", ""),
    ],
)
def test_title(text: str, title: str) -> None:
    assert describe("x", text).title == title


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"题\n來源: 某網 作者: 編輯:甲 2024-12-09 10:28:43\n{BODY}", date(2024, 12, 9)),
        (f"题\n发布时间：2024年3月5日\n{BODY}", date(2024, 3, 5)),
        (f"题\n2024-03-05 09:10 来源：某网\n{BODY}", date(2024, 3, 5)),
        (f"# 条例\n\n2011年11月17日 某会通过\n\n2020年5月14日 某会第一次修正\n\n{BODY}", date(2020, 5, 14)),
        (f"条例(2020-05-14)\n{BODY}", date(2020, 5, 14)),
        (f"关于申报的通知\n{BODY}\n某市科技局\n2024年3月5日", date(2024, 3, 5)),
        (f"题\n截止日期：2024年3月5日\n{BODY}", None),
        (f"题\n{BODY}到2027年底完成，2024年3月5日起申报。", None),
    ],
)
def test_published(text: str, day: date | None) -> None:
    assert describe("x", text).published == day


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        (f"题\n來源: 北方網 作者: 2024-12-09\n{BODY}", "北方網"),
        (f"天津北方網訊:{BODY}", "北方網"),
        (f"新华社北京7月28日电（记者甲）{BODY}", "新华社"),
        (f"天津日报讯 {BODY}", "天津日报"),
        (f"工业局主管 某某报社主办\n题\n{BODY}", "某某报社"),
        (f"题\n來源:互聯(lián)網(wǎng)\n{BODY}", ""),
        (f"本报讯 {BODY}", ""),
        (f"题\n资金来源：财政拨款\n{BODY}", ""),
    ],
)
def test_publisher(text: str, publisher: str) -> None:
    assert describe("x", text).publisher == publisher


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (f"关于印发办法的通知\n国发〔2024〕5号\n{BODY}", "国发〔2024〕5号"),
        (f"关于印发办法的通知\n（津政办发[2020] 12号）\n{BODY}", "津政办发[2020] 12号"),
        (f"发文字号：渝府发〔2024〕5号\n题\n{BODY}", "渝府发〔2024〕5号"),
        (f"办法\n国务院令第705号\n{BODY}", "国务院令第705号"),
        (f"题\n根据国发〔2024〕5号文件，{BODY}", ""),
    ],
)
def test_document_number(text: str, number: str) -> None:
    assert describe("x", text).document_number == number


@pytest.mark.parametrize(
    ("text", "category", "kind"),
    [
        (f"奖励条例\n第一条 {BODY}\n第二条 {BODY}", "", "法规"),
        (BODY, "DLC/地方性法规", "法规"),
        (f"关于印发奖励办法的通知\n{BODY}", "", "政策文件"),
        (f"《奖励办法》政策解读\n{BODY}", "", "解读"),
        ("\n".join(["主持人：欢迎。", BODY] * 3), "", "访谈"),
        (f"某市出台新规\n来源：某网\n{BODY}", "", "新闻"),
        (BODY, "", ""),
    ],
)
def test_kind(text: str, category: str, kind: str) -> None:
    assert describe("x", text, category=category).kind == kind


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("奖励办法（征求意见稿）", "征求意见稿"),
        ("奖励办法（已废止）", "已废止"),
        ("关于废止奖励办法的决定", ""),
        ("奖励办法", ""),
    ],
)
def test_status(title: str, status: str) -> None:
    assert describe("x", f"{title}\n{BODY}").status == status


def test_text_is_untouched() -> None:
    text = f"\ufeff题\r\n{BODY}\r\n\u200b"
    assert describe("x", text).text == text


@pytest.mark.parametrize(
    ("number", "title", "published", "publisher", "region", "kind"),
    [
        (0, "天津市智能科技產業政策宣貫會受到企業歡迎", None, "北方網", "天津市", "新闻"),
        (1, "以智提质以新促兴 推进天津智造攀登新高峰", None, "中国电子报社", "天津市", "新闻"),
        (2, "【智造“嘉”话】加快工业企业智能化改造!嘉兴要这么干!", None, "", "浙江省嘉兴市", "新闻"),
        (
            3,
            "崔偉:2024年已新增培育50家天津市智能工廠和數字化車間",
            date(2024, 12, 9),
            "北方網",
            "天津市",
            "访谈",
        ),
        (4, "西(重慶)科學城已推動117個制造業項目實施智能化改造", None, "", "重庆市", "新闻"),
    ],
)
def test_real_articles(
    shared: Path, number: int, title: str, published: date | None, publisher: str, region: str, kind: str
) -> None:
    article = describe("x", sorted((shared / "seeds").glob("*.txt"))[number].read_bytes().decode())
    assert (article.title, article.published, article.publisher) == (title, published, publisher)
    assert (article.region, article.kind) == (region, kind)


def test_every_field_that_is_not_empty_has_its_place() -> None:
    text = (
        f"关于奖励的通知\n海政发〔2024〕5号\n各区人民政府：\n{BODY}\n"
        "本通知自2024年5月1日起施行，有效期五年。\n海滨市人民政府\n2024年3月5日"
    )
    article = describe("x", text, url="https://example.cn/1", author="甲")
    places = {origin.field: (origin.place, text[origin.start : origin.end]) for origin in article.origins}
    assert places == {
        "title": ("标题行", "关于奖励的通知"),
        "document_number": ("文号行", "海政发〔2024〕5号"),
        "published": ("落款", "2024年3月5日"),
        "author": ("文件", ""),
        "url": ("文件", ""),
        "kind": ("文号", ""),
        "issuer": ("落款", "海滨市人民政府"),
        "effective": ("施行条款", "自2024年5月1日起施行"),
        "expires": ("施行条款", "有效期五年"),
    }
    assert (article.effective, article.expires) == (date(2024, 5, 1), date(2029, 4, 30))
    assert (article.issuer, article.url, article.author) == ("海滨市人民政府", "https://example.cn/1", "甲")
