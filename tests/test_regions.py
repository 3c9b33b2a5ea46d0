"""Regions in text: names, short forms, words that only look like names, and which region holds which."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.folding import fold
from index.region_names import lexicon, regions
from index.regions import find_regions, get_region, related


def named(text: str) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.region.full_name) for m in find_regions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("浙江省嘉兴市南湖区", [("浙江省嘉兴市南湖区", "浙江省嘉兴市南湖区")]),
        ("浙江嘉兴", [("浙江嘉兴", "浙江省嘉兴市")]),
        ("嘉興市政府", [("嘉興市", "浙江省嘉兴市")]),
        ("臺灣、香港和澳門", [("臺灣", "台湾省"), ("香港", "香港特别行政区"), ("澳門", "澳门特别行政区")]),
        ("桐乡市与海盐县", [("桐乡市", "浙江省嘉兴市桐乡市"), ("海盐县", "浙江省嘉兴市海盐县")]),
        ("浙江桐乡", [("浙江桐乡", "浙江省嘉兴市桐乡市")]),
        ("濱海新區、武清區", [("濱海新區", "天津市滨海新区"), ("武清區", "天津市武清区")]),
        ("天津武清", [("天津武清", "天津市武清区")]),
        ("中新天津生态城", [("中新天津生态城", "天津市滨海新区")]),
        ("西部（重庆）科学城", [("西部（重庆）科学城", "重庆市")]),
        ("两江新区", [("两江新区", "重庆市")]),
        ("横琴与前海", [("横琴", "广东省珠海市"), ("前海", "广东省深圳市")]),
        ("内蒙古自治区和广西", [("内蒙古自治区", "内蒙古自治区"), ("广西", "广西壮族自治区")]),
        (
            "恩施州、本溪县",
            [("恩施州", "湖北省恩施土家族苗族自治州"), ("本溪县", "辽宁省本溪市本溪满族自治县")],
        ),
        ("湖北仙桃", [("湖北仙桃", "湖北省仙桃市")]),
        ("吉林省吉林市", [("吉林省吉林市", "吉林省吉林市")]),
        ("吉林", [("吉林", "吉林省")]),
        ("海南州、海南", [("海南州", "青海省海南藏族自治州"), ("海南", "海南省")]),
        ("在雄县、乾县", [("雄县", "河北省保定市雄县"), ("乾县", "陕西省咸阳市乾县")]),
        ("天津河北山东", [("天津", "天津市"), ("河北", "河北省"), ("山东", "山东省")]),
        ("天津市河北区", [("天津市河北区", "天津市河北区")]),
        ("原江干区", [("江干区", "浙江省杭州市江干区")]),
    ],
)
def test_names_and_short_forms(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "大同小异",
        "长治久安",
        "和平与平安",
        "朝阳产业",
        "南通社",
        "三明治",
        "沿海南部",
        "黄河南岸",
        "推广西部经验",
        "经济南北差异",
        "马里兰州",
        "中山路",
        "南京西路",
        "北京时间",
        "区市县和县级财政",
        "城市发展适应城市需要",
        "扩大理解",
        "京津冀和长三角",
        "新城区建设",
        "全国第一",
    ],
)
def test_words_that_only_look_like_names(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上海南站", [("上海", "上海市")]),
        ("河北区域协调", [("河北", "河北省")]),
        ("天津市场", [("天津", "天津市")]),
        ("湖南京剧", [("湖南", "湖南省")]),
        ("浙江西部", [("浙江", "浙江省")]),
        ("广东中山", [("广东中山", "广东省中山市")]),
        ("中山市", [("中山市", "广东省中山市")]),
        ("山西大同", [("山西大同", "山西省大同市")]),
    ],
)
def test_longest_name_from_the_left_wins(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


def test_a_shared_name_is_settled_by_the_nearest_region_that_holds_one() -> None:
    assert named("北京朝阳区") == [("北京朝阳区", "北京市朝阳区")]
    assert named("长春市的朝阳区")[1] == ("朝阳区", "吉林省长春市朝阳区")
    assert named("鼓楼区在南京")[0] == ("鼓楼区", "江苏省南京市鼓楼区")
    assert named("北京的情况不同；长春和朝阳区")[2] == ("朝阳区", "吉林省长春市朝阳区")
    assert named("朝阳区") == []
    assert named("上海的朝阳区") == [("上海", "上海市")]


def test_related_is_equal_ancestor_or_descendant() -> None:
    assert related("天津市", "天津市")
    assert related("天津市", "天津市滨海新区")
    assert related("天津市滨海新区", "天津市")
    assert not related("天津市滨海新区", "天津市武清区")
    assert not related("上海市", "天津市")
    assert related("全国", "天津市")
    assert related("天津市", "全国")


def test_unknown_and_empty_regions_contradict_nothing() -> None:
    assert related("", "天津市")
    assert related("天津市", "某地")
    assert related("天津", "滨海新区")
    assert not related("天津", "上海")


def test_get_region_knows_full_names_only() -> None:
    region = get_region("浙江省嘉兴市南湖区")
    assert region is not None
    assert (region.code, region.level) == ("330402", 3)
    nation = get_region("全国")
    assert nation is not None
    assert nation.level == 0
    assert nation.holds(region)
    assert get_region("南湖区") is None


def test_every_division_is_found_behind_its_holder() -> None:
    found = [region for region in regions().values() if region.level == 3]
    assert len(found) > 2800
    missed = [r.full_name for r in found if named(r.full_name) != [(r.full_name, r.full_name)]]
    assert missed == []


def test_the_word_table_speaks_of_names_that_exist() -> None:
    known = {key for key, name in lexicon().names.items() if name.regions or name.inside}
    assert set(lexicon().before) | set(lexicon().after) <= known
    assert all(key == fold(key) for key in known)


@given(st.text(alphabet="天津市滨海新区武清嘉兴浙江省南湖北京朝阳上海路，、 的濱嘉興①㎡½x1", max_size=40))
def test_mentions_are_ordered_spans_and_folding_changes_none(text: str) -> None:
    mentions = find_regions(text)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    if len(fold(text)) == len(text):
        assert find_regions(fold(text)) == mentions
