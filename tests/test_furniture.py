"""Furniture: lines of the page go, lines of the article stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.furniture import CAPTION, CREDITS, PAGE, find_blocks

BODY = [
    "市科技局昨天公布了新的奖励办法，规定获得认定的企业一次性给予50万元。",
    "“这项办法将执行三年。”负责人说，申报从下个月开始，由各区初审。",
    "办法还规定，弄虚作假的企业三年内不得申报。",
]
TITLE = "科技企业奖励办法出台"


def left(lines: list[str]) -> list[str]:
    """The lines with something on them that stay."""
    text = "\n".join(lines)
    kept, position = [], 0
    for edit in find_blocks(text, []):
        kept.append(text[position : edit.start])
        position = edit.end
    kept.append(text[position:])
    return [line for line in "".join(kept).splitlines() if line.strip()]


@pytest.mark.parametrize(
    "head",
    [
        ["首页 | 新闻 | 联系我们", "设为首页 加入收藏"],
        ["您现在的位置：首页 > 政务公开 > 通知公告"],
        ["扫码阅读手机版", "来源： 某某日报 作者： 2024-12-09 10:28:43"],
        ["2024-12-09 10:28", "字号 大 中 小 打印"],
        ["某某局主管 某某报社主办", "收藏本站 投稿"],
        ["首页 > 政务公开 > 政策文件", "【字体：大 中 小】", "听全文"],
        ["首頁 / 政策 / 正文", "分享至：Facebook Twitter LINE", "登入 註冊"],
        ["本網站使用Cookie，繼續瀏覽即表示您同意。", "日期：2024-03-05 来源：市科技局 浏览次数：33"],
        ["發布時間：2024-01-02", "本篇文章1200字,读完约3分钟"],
    ],
)
def test_head_of_the_page_goes(head: list[str]) -> None:
    assert left([*head[:1], TITLE, *head[1:], *BODY]) == [TITLE, *BODY]


@pytest.mark.parametrize(
    "tail",
    [
        ["责任编辑：张三", "相关推荐", "某地出台新规", "多家企业获奖！", "评论"],
        ["标签：", "相关文章", "热门文章"],
        ["來源：某某網", "版權所有 某某公司 京ICP备12345678号"],
        ["推薦新聞", "關於我們 | 廣告服務 | 聯系我們 | 網站地圖", "Copyright (C) 2000-2024 Example"],
        ["免责声明：本站转载的内容版权属于原作者。", "上一篇：甲", "下一篇：乙"],
        ["标题：科技企业奖励办法出台", "地址：http://example.com/1.html"],
        ["【相关阅读】", "一则链接的标题", "另一则链接的标题"],
        ["+关注", "113文章", "4552浏览量"],
        ["分享到：微信 微博 QQ空间", "上一篇：甲", "下一篇：没有了"],
        ["長按識別二維碼關注公眾號", "收藏本文", "暂无评论"],
        ["【打印本页】【关闭窗口】", "建议使用谷歌浏览器浏览本站", "网站标识码：1200000000"],
    ],
)
def test_tail_of_the_page_goes(tail: list[str]) -> None:
    assert left([TITLE, *BODY, *tail]) == [TITLE, *BODY]


def test_summaries_of_other_articles_behind_the_credits_go() -> None:
    tail = [
        "责任编辑：张三",
        "声明",
        "1、本站遵循规范，转载请联系我们处理。",
        "相关链接",
        "专题",
        "另一篇的题目",
        BODY[0][::-1] + "。",
    ]
    assert left([TITLE, *BODY, *tail]) == [TITLE, *BODY]


@pytest.mark.parametrize(
    "line",
    [
        "举报电话：12345",
        "网址：https://example.com/apply",
        "| 项目 | 金额 | 联系 | 备注 |",
        "扫描二维码下载申请表",
        "扫描二维码关注“某事通”公众号后在线申请",
        "首页应当公开办事指南",
        "联系我们/意见反馈应当在两日内答复",
        "相关链接",
        "责任编辑制度应当健全。",
        "取得增值电信业务经营许可证编号后，应当在主页标明。",
        "视频",
        "第一节 一般规定",
        "时间：12月9日",
    ],
)
def test_line_within_the_article_stays(line: str) -> None:
    assert left([TITLE, BODY[0], line, *BODY[1:]]) == [TITLE, BODY[0], line, *BODY[1:]]


def test_last_sentences_without_a_full_stop_stay() -> None:
    lines = [
        TITLE,
        *BODY,
        "……",
        "率先制定标准的企业奖励100万元",
        "这次的办法充满诚意，发出了我市扶持创新的强烈信号！",
    ]
    assert left(lines) == lines


def test_attachments_stay() -> None:
    lines = [TITLE, *BODY, "附件：1.申报表", "2.承诺书", "某某市科技局", "2024年3月5日"]
    assert left(lines) == lines


def test_repeated_captions_go_but_not_the_title_or_headings() -> None:
    caption = "某某工厂的车间一角"
    lines = [TITLE]
    for sentence in BODY:
        lines += ["### 第一节 一般规定", sentence, caption]
    assert left(lines) == [line for line in lines if line != caption]
    assert left([caption, *lines])[0] == caption


def test_repeated_heads_of_forms_stay() -> None:
    form = ["某某市中级人民法院", "决定书", BODY[0], "特此通知。", "某某年某某月某某日", "（院印）"]
    assert left([TITLE, *form, *form, *form]) == [TITLE, *form, *form, *form]


def test_repeated_sentence_stays() -> None:
    lines = [TITLE, BODY[0], BODY[1], BODY[0], BODY[2], BODY[0]]
    assert left(lines) == lines


def test_reasons() -> None:
    text = "\n".join(
        [
            "来源：某某日报",
            BODY[0],
            "一幅插图的说明",
            BODY[1],
            "一幅插图的说明",
            BODY[2],
            "一幅插图的说明",
            BODY[0],
            "相关推荐",
        ]
    )
    assert [edit.reason for edit in find_blocks(text, [])] == [CREDITS, CAPTION, CAPTION, CAPTION, PAGE]


@given(
    st.lists(
        st.sampled_from([*BODY, TITLE, "评论", "相关推荐", "", "来源：甲", "-", "责任编辑：乙"]), max_size=14
    )
)
def test_sentences_before_the_credits_stay(lines: list[str]) -> None:
    closed = next(
        (i for i, line in enumerate(lines) if line in ("责任编辑：乙", "相关推荐", "评论")), len(lines)
    )
    sentences = [line for line in lines[:closed] if line in BODY]
    assert [line for line in left(lines) if line in BODY][: len(sentences)] == sentences
