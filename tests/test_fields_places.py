"""Places: the region that prose speaks of, the nation, or neither."""

import pytest

from index.fields.places import most_named


@pytest.mark.parametrize(
    ("text", "region"),
    [
        # down to the part that half of the mentions name; a district of a municipality needs no city between
        ("江苏省苏州市吴江区办了会。吴江区说好，苏州也来了。", "江苏省苏州市吴江区"),
        ("江苏开了会。苏州说好，南京说好，无锡也说好。", "江苏省"),
        ("上海市青浦区办了会，青浦区说好。", "上海市青浦区"),
        # a part by its short form, once what holds it is named, or before what every county has
        ("江苏开了会。走进溧阳，溧阳的孩子很高兴，溧阳好。", "江苏省常州市溧阳市"),
        ("近日，惠来公安打掉一个窝点。", "广东省揭阳市惠来县"),
        # a medium, a school, a firm say nothing of the place
        ("北京日报说，北京大学的研究说，上海银行也说，上海证券交易所也说。", None),
        ("南京某某（600775）上涨，南京某某(600775)收盘。", None),
        # one mention counts at the beginning and in full
        ("近日，新邵县的果园丰收。", "湖南省邵阳市新邵县"),
        ("安信香港说，指数上升。", None),
        # what stands at the beginning counts more than who came
        (
            f"河北省涿州市受灾，涿州市在救援。{'大家都在忙。' * 20}山东来了人，山东人说好。",
            "河北省保定市涿州市",
        ),
        # an agency's dateline is a place like others, the capital's is none
        ("新华社天津5月8日电 江苏省开会，江苏省要求落实。", "江苏省"),
        ("新华社北京5月8日电 大家说好。", None),
        ("水利部5日说，全国雨情平稳，北京、天津、河北在防汛。", "全国"),
        ("民政部公布名单，民政部说，名单里有南宁某会。", "全国"),
        ("美国和日本在谈判，美国说好，中国也说好。", ""),
        ("天津、上海、重庆都来了。", ""),
        ("大家都说好。", None),
        ("", None),
    ],
)
def test_most_named(text: str, region: str | None) -> None:
    assert most_named(text) == region
