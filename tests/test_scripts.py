"""Scripts: what an answer shows in the asker's script, and the table of variants."""

import pytest

from index.folding import fold
from index.scripts import is_traditional, to_simplified, to_traditional, variants

# of the characters that Chinese has in common use, those that are read as another one on purpose
COMMON = set("着著了瞭覆藉借揹仿彷妳它划画炮砲谘馀渖迳钜锺镟澄粽只祇")


def test_the_table_of_variants_is_in_its_last_form() -> None:
    for variant, read in variants().items():
        assert fold(variant) == fold(read) == read
        assert variant in COMMON or variant.encode("gb2312", "ignore") == b""


@pytest.mark.parametrize(
    ("text", "simplified"),
    [
        ("經濟回昇向好", "经济回升向好"),
        ("剛纔的人纔", "刚才的人才"),
        ("技術諮詢與智力支橕", "技术咨询与智力支撑"),
        ("提昇後臺系統", "提升后台系统"),
        ("乾隆年間的幹部不乾淨", "乾隆年间的干部不干净"),
        ("発展髙速公路，着力与著名", "发展高速公路，着力与著名"),
        ("朱镕基与陶喆：Ａ１—😀", "朱镕基与陶喆：Ａ１—😀"),
    ],
)
def test_reading_in_simplified_characters(text: str, simplified: str) -> None:
    assert to_simplified(text) == simplified


def test_reading_in_traditional_characters_mends_what_a_machine_converted_wrongly() -> None:
    assert to_traditional("經濟回昇，剛纔提昇支橕，畢昇") == "經濟回升，剛才提升支撐，畢昇"


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("臺灣的補貼標準", True),
        ("天津的补贴标准", False),
        ("北京有多少家", False),
        ("", False),
        ("綠色工廠 App", True),
        ("系統里准備的后臺數據", True),
    ],
)
def test_script_is_told(text: str, traditional: bool) -> None:
    assert is_traditional(text) is traditional
