"""What surely is not the indicator that is asked for, and what might be."""

import pytest

from qa.indicator import contradicts
from qa.question import understand

LOAN = "双方连续缴存满6个月的,最高可贷70万元;"
EACH = "每招用1名毕业生发放1500元。"
SUM = "全市累计发放补贴2.3亿元。"


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("一共发放了多少亿元补贴？", EACH),
        ("每招用一人补贴多少元？", SUM),
        ("公积金贷款最长能贷多少年？", "单身职工缴存满1年不满2年的,不超过30万元;"),
        ("工业投资增长了多少？", "全市工业投资1500亿元。"),
        ("公积金贷款的年利率是多少？", LOAN),
        ("第二套房首付比例是多少？", "其中商业贷款占30%。"),
        ("产业集群的出口额是多少？", "集群总产值1030亿元。"),
        ("企业注册资本不能低于多少？", "项目总投资不低于500万元。"),
        ("托育机构每月收费多少？", "每孩每月补600元。"),
    ],
)
def test_another_indicator_is_told(question: str, sentence: str) -> None:
    assert contradicts(understand(question), sentence, "", sentence)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("一共发放了多少亿元补贴？", SUM),
        ("每招用一人补贴多少元？", EACH),
        ("要连续缴存几个月？", LOAN),
        ("最高能贷多少万元？", LOAN),
        ("工业投资增长了多少？", "全市工业投资比上年多出8.7%。"),
        ("公积金贷款的年利率是多少？", "利息按3.1%计。"),
        ("公积金贷款的年利率是什么意思？", LOAN),
        ("《出口促进办法》奖励多少万元？", "每家奖励20万元。"),
        ("为什么提高首付？", "因为商业贷款占30%。"),
    ],
)
def test_what_may_answer_is_left(question: str, sentence: str) -> None:
    assert not contradicts(understand(question), sentence, "", sentence)


def test_what_stands_before_a_sentence_may_name_the_indicator() -> None:
    question = understand("年利率是多少？")
    assert contradicts(question, "为3.1%。", "", "")
    assert not contradicts(question, "为3.1%。", "贷款利率五年以上的,", "")


def test_what_is_taken_for_granted_must_stand_in_the_article() -> None:
    question, sentence = understand("那80万元补贴怎么领？"), "到窗口填表。"
    assert contradicts(question, sentence, "", "补贴最高50万元。到窗口填表。")
    assert not contradicts(question, sentence, "", "补贴最高800000元。到窗口填表。")
    # What the asker has or pays is none of the article's.
    assert not contradicts(understand("花80万元买机器能补多少元？"), "按10%补。", "", "按10%补。")
