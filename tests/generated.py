"""Articles made up at random, and the pages of government sites and news portals that carry them."""

import html
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

_WHO = [
    "市人民政府",
    "市工业和信息化局",
    "区财政局",
    "各街道办事处",
    "示范园区管委会",
    "本市制造业企业",
    "省发展改革委",
]
_WHEN = ["今年以来", "自2024年5月1日起", "到2027年底", "“十四五”期间", "截至上月末", "每年第一季度"]
_DOES = ["组织开展", "重点支持", "加快推进", "依法规范", "累计建成", "统筹安排", "公开征集"]
_WHAT = [
    "智能工厂和数字化车间",
    "中小企业数字化改造",
    "老旧小区加装电梯",
    "人才公寓配租",
    "绿色低碳示范项目",
    "公共充电设施",
    "技能培训补贴",
]
_HOW = [
    "，单个项目最高补助{n}万元",
    "，完成率达到{p}%",
    "，共计{n}家",
    "，面积不少于{n}㎡",
    "，办理时限压缩至{d}个工作日",
    "，由第三方机构评估",
    "",
]
_HEADS = ["总体要求", "主要任务", "申报条件", "支持标准", "保障措施", "办理流程", "有关说明"]
_COLUMNS = ["序号", "项目名称", "责任单位", "金额（万元）", "完成时限"]
_ODD = [
    "🏭智能化",
    "ＡＢ２０２４",
    "項(xiàng)目",
    "№３",
    "１／２",
    "a < b & c > d",
    "𠮷野",
    "①",
    "“引号”",
    "|竖线|",
]

Kind = Literal["p", "h", "li", "table"]


@dataclass(frozen=True)
class Block:
    kind: Kind
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def units(self) -> list[str]:
        """What must be found of it, in order."""
        return [cell for row in self.rows for cell in row] if self.kind == "table" else [self.text]


@dataclass(frozen=True)
class Made:
    """A made-up article."""

    title: str
    published: str
    publisher: str
    blocks: tuple[Block, ...]
    id: str = ""

    @property
    def units(self) -> list[str]:
        return [unit for block in self.blocks for unit in block.units]


def sentence(dice: random.Random, odd: bool = True) -> str:
    how = dice.choice(_HOW).format(n=dice.randint(3, 5000), p=dice.randint(10, 99), d=dice.randint(1, 30))
    what = dice.choice(_ODD) if odd and dice.random() < 0.08 else ""
    return f"{dice.choice(_WHEN)}，{dice.choice(_WHO)}{dice.choice(_DOES)}{what}{dice.choice(_WHAT)}{how}。"


def paragraph(dice: random.Random, odd: bool = True) -> str:
    return "".join(sentence(dice, odd) for _ in range(dice.randint(1, 4)))


def table(dice: random.Random) -> Block:
    rows = [tuple(_COLUMNS)]
    for number in range(1, dice.randint(2, 6)):
        cells = (
            dice.choice(_WHAT),
            dice.choice(_WHO),
            f"{dice.randint(1, 9999):,}",
            f"{dice.randint(2024, 2029)}年",
        )
        rows.append((str(number), *cells))
    return Block("table", rows=tuple(rows))


def article(dice: random.Random, blocks: int | None = None, odd: bool = True) -> Made:
    what, who = dice.choice(_WHAT), dice.choice(_WHO)
    made: list[Block] = []
    for number in range(blocks if blocks is not None else dice.randint(4, 14)):
        roll = dice.random()
        if roll < 0.12 and number:
            made.append(Block("h", f"{'一二三四五六七八九十'[number % 10]}、{dice.choice(_HEADS)}"))
            made.append(Block("p", paragraph(dice, odd)))
        elif roll < 0.22 and made and made[-1].kind != "table":  # two might be one, over pages
            made.append(table(dice))
        elif roll < 0.32:
            made += [
                Block("li", f"（{'一二三四五'[i]}）{sentence(dice, odd)}") for i in range(dice.randint(2, 4))
            ]
        else:
            made.append(Block("p", paragraph(dice, odd)))
    day = f"{dice.randint(2015, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    title = f"关于做好{dice.randint(2015, 2025)}年{what}工作的通知"
    return Made(title, day, who, tuple(made))


# Pages. What stands around the article is marked, so that it can be looked for: each piece of furniture holds FURNITURE.

FURNITURE = "〖附〗"


def _links(dice: random.Random, count: int, long: bool) -> str:
    return "".join(
        f'<li><a href="/a/{n}.html">{FURNITURE}{"" if long else dice.choice(_HEADS)}'
        f"{sentence(dice)[:-1] if long else ''}</a>{'<span>2024-01-02</span>' if long else ''}</li>"
        for n in range(count)
    )


def _nav(dice: random.Random) -> str:
    return f'<div class="header"><div class="top">{FURNITURE}无障碍 | 登录 | 注册</div><ul class="nav">{_links(dice, 12, False)}</ul></div>'


def _footer() -> str:
    return (
        f'<div class="footer"><p>{FURNITURE}主办：海滨市人民政府办公室　承办：海滨市大数据中心</p>'
        f"<p>{FURNITURE}ICP备12345678号　网站标识码：1200000001　公网安备 12010000000001号</p>"
        f'<p><a href="/about">{FURNITURE}关于我们</a> <a href="/map">{FURNITURE}网站地图</a></p></div>'
    )


def _side(dice: random.Random) -> str:
    return f'<div class="sidebar right"><h3>{FURNITURE}热门推荐</h3><ul>{_links(dice, 8, True)}</ul></div>'


def _related(dice: random.Random) -> str:
    return f'<div class="related"><h4>{FURNITURE}相关阅读</h4><ul>{_links(dice, 5, True)}</ul></div>'


def _share() -> str:
    return f'<div class="share bdsharebuttonbox">{FURNITURE}分享到：<a href="#">{FURNITURE}微信</a><a href="#">{FURNITURE}微博</a></div>'


def _table(block: Block, cell: str = "td") -> str:
    head, *body = ([html.escape(c) for c in row] for row in block.rows)
    rows = "".join("<tr>" + "".join(f"<td><p>{c}</p></td>" for c in row) + "</tr>" for row in body)
    return "<table border=1><tr>" + "".join(f"<{cell}>{c}</{cell}>" for c in head) + f"</tr>{rows}</table>"


def _body(
    made: Made, paragraph: str = "<p>　　{}</p>", heading: str = "<h2>{}</h2>", item: str = "<p>　　{}</p>"
) -> str:
    forms = {"p": paragraph, "h": heading, "li": item}
    return "\n".join(
        _table(block) if block.kind == "table" else forms[block.kind].format(html.escape(block.text))
        for block in made.blocks
    )


def _page(made: Made, body: str, head: str = "") -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(made.title)}_海滨市人民政府</title>{head}'
        f"<script>var a = '{FURNITURE}<p>';</script><style>.x{{}} /*{FURNITURE}*/</style></head><body>{body}</body></html>"
    )


def _meta(made: Made) -> str:
    return (
        f'<meta name="ArticleTitle" content="{html.escape(made.title)}"><meta name="PubDate" content="{made.published} 10:20">'
        f'<meta name="ContentSource" content="{made.publisher}"><meta name="SiteName" content="海滨市人民政府">'
    )


def government(made: Made, dice: random.Random) -> str:
    info = f'<div class="info">发布时间：{made.published}　来源：{made.publisher}　{FURNITURE}字号：[大 中 小]　{FURNITURE}打印</div>'
    return _page(
        made,
        f'{_nav(dice)}<div class="crumb">{FURNITURE}您现在的位置：<a href="/">首页</a> &gt; <a href="/zw">政务公开</a></div>'
        f'<div class="main"><h1>{html.escape(made.title)}</h1>{info}<div class="TRS_Editor">{_body(made)}</div>{_share()}</div>'
        f"{_footer()}",
        _meta(made),
    )


def portal(made: Made, dice: random.Random) -> str:
    return _page(
        made,
        f'{_nav(dice)}<div class="content-wrap"><div class="article"><h1>{html.escape(made.title)}</h1>'
        f'<div class="source"><span>{made.published} 08:30</span> <span>{made.publisher}</span></div>'
        f'<div class="article-content">{_body(made, "<p>{}</p>")}</div>'
        f'<p class="editor">{FURNITURE}责任编辑：张三</p>{_share()}{_related(dice)}'
        f'<div class="comment">{FURNITURE}网友评论<p>{FURNITURE}写得好，支持。</p></div></div>{_side(dice)}</div>{_footer()}',
    )


def old_tables(made: Made, dice: random.Random) -> str:
    body = "<br><br>".join(
        _table(b) if b.kind == "table" else f"&nbsp;&nbsp;&nbsp;&nbsp;{html.escape(b.text)}"
        for b in made.blocks
    )
    links = "".join(f"<td><a href=#>{FURNITURE}{dice.choice(_HEADS)}</a></td>" for _ in range(8))
    side = "".join(f"<tr><td><a href=#>{FURNITURE}{sentence(dice)}</a></td></tr>" for _ in range(6))
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{html.escape(made.title)}</title></head>'
        f"<body><table width=100%><tr>{links}</tr></table><table><tr><td width=200><table>{side}</table></td><td>"
        f"<table><tr><td align=center><b>{html.escape(made.title)}</b></td></tr><tr><td>{made.published}　来源：{made.publisher}</td></tr>"
        f"<tr><td class=content>{body}</td></tr></table></td></tr></table>"
        f"<table><tr><td>{FURNITURE}版权所有：海滨市人民政府</td></tr></table></body></html>"
    )


def breaks(made: Made, dice: random.Random) -> str:
    parts = [_table(b) if b.kind == "table" else f"　　{html.escape(b.text)}<br/>" for b in made.blocks]
    return _page(
        made,
        f'{_nav(dice)}<div id="zoom"><h1>{html.escape(made.title)}</h1>{"".join(parts)}</div>{_side(dice)}{_footer()}',
    )


def spans(made: Made, dice: random.Random) -> str:
    """As pasted from Word, and as WeChat nests it."""
    form = '<section><p class="MsoNormal"><span lang="EN-US" style="font-size:16px">{}<o:p></o:p></span></p></section>'
    return _page(
        made,
        f'<div id="js_article"><h1 class="rich_media_title">{html.escape(made.title)}</h1>'
        f'<div id="js_content"><section><section>{_body(made, form, form, form)}</section></section></div></div>'
        f'<div class="qr_code" style="display:none">{FURNITURE}微信扫一扫关注该公众号</div>{_related(dice)}',
    )


def lists(made: Made, dice: random.Random) -> str:
    body = _body(made, "<p>{}</p>", "<h3>{}</h3>", "<ul><li>{}</li></ul>")
    return _page(
        made,
        f"<header>{_nav(dice)}</header><main><article><h1>{html.escape(made.title)}</h1>"
        f"<time>{made.published}</time>{body}<ul class=attachments><li>附件：<a href=a.pdf>申报表.pdf</a></li></ul>"
        f"</article><aside>{_side(dice)}</aside></main><footer>{_footer()}</footer>",
    )


def bare(made: Made, dice: random.Random) -> str:
    return f"<html><head><title>{html.escape(made.title)}</title></head><body>{_body(made)}</body></html>"


def divs(made: Made, dice: random.Random) -> str:
    """Paragraphs that are mere divisions; a table of facts before the text, as notices of government have it."""
    facts = f"<table class=xxgk><tr><td>索引号</td><td>00012345/2024-{dice.randint(10, 99)}</td><td>发文机关</td><td>{made.publisher}</td></tr></table>"
    return _page(
        made,
        f'{_nav(dice)}{facts}<div class="wz"><div class="bt">{html.escape(made.title)}</div>'
        f"{_body(made, '<div>{}</div>', '<div><strong>{}</strong></div>', '<div>{}</div>')}</div>{_share()}{_side(dice)}{_footer()}",
    )


def inline_links(made: Made, dice: random.Random) -> str:
    """Links within the article, and links to others between its paragraphs."""
    parts = []
    for number, block in enumerate(made.blocks):
        if block.kind == "table":
            parts.append(_table(block, "th"))
            continue
        text = html.escape(block.text)
        parts.append(f'<p>{text[:4]}<a href="/law">{text[4:12]}</a>{text[12:]}</p>')
        if number == 1:
            parts.append(_related(dice))
    return _page(
        made,
        f'{_nav(dice)}<div class="post"><h1>{html.escape(made.title)}</h1>{"".join(parts)}</div>{_side(dice)}{_footer()}',
    )


LAYOUTS: dict[str, Callable[[Made, random.Random], str]] = {
    f.__name__: f for f in (government, portal, old_tables, breaks, spans, lists, bare, divs, inline_links)
}


def plain(made: Made) -> str:
    return "\n".join([made.title, *(_pipe(b) if b.kind == "table" else b.text for b in made.blocks)]) + "\n"


def _pipe(block: Block) -> str:
    head, *body = ("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in block.rows)
    return "\n".join([head, "|" + "---|" * len(block.rows[0]), *body])


def squeeze(text: str) -> str:
    """Without white space and the marks of Markdown, to look for units in what a reader gives."""
    return "".join(text.replace("\\|", "|").replace("**", "").split())


def found(units: Sequence[str], text: str) -> int:
    """How many of the units stand in `text` in this order."""
    squeezed, place, count = squeeze(text), 0, 0
    for unit in units:
        at = squeezed.find(squeeze(unit), place)
        if at >= 0:
            place, count = at + len(squeeze(unit)), count + 1
    return count
