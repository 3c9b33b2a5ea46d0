import pytest

from index.formats.properties import plausible_title


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("关于补贴的通知", "关于补贴的通知"),
        (" 关于补贴的\n通知 ", "关于补贴的 通知"),
        ("Microsoft Word - 关于补贴的通知.doc", ""),
        ("关于补贴的通知.docx", ""),
        ("另一份文件的标题", ""),
        ("文件1", ""),
        ("2024-05-01", ""),
        ("通知", ""),
        ("", ""),
    ],
)
def test_a_stated_title_counts_where_the_text_begins_with_it(stated: str, title: str) -> None:
    assert plausible_title(stated, "海滨市\n关于补贴的\n通知\n文件1 2024-05-01 正文。") == title


def test_a_title_far_down_is_another_text_s() -> None:
    assert plausible_title("关于补贴的通知", "甲" * 5_000 + "关于补贴的通知") == ""
