"""Conditions in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.formats import yaml
from surveys.wording import in_words

DEFINITION = yaml.read((Path(__file__).parent.parent / "pages" / "all_types.yaml").read_bytes())[0]


@pytest.mark.parametrize(
    ("expression", "chinese"),
    [
        ('role == "manager"', "“您在采购审批中主要做什么”为“审批”"),
        ('role in ["manager", "operator"]', "“您在采购审批中主要做什么”为“审批”或“提交申请”"),
        ('tools contains "paper" and not answered(nickname)',
         "“您平时用什么提交申请”选了“纸质表单”，并且“您怎么称呼这套流程”没有作答"),
        ("info.status <= 2", "“关于信息，您是否同意：批到哪一步，我随时查得到”不超过“不太同意”"),
        ('recommend > 8 or (ease >= 4 and person.side != "customer")',
         "“您有多大可能向同事推荐现在的审批方式”大于8，或者（“提交一次申请有多轻松”不少于4，并且“流程角色（名单）”不是“customer”）"),
        ("count(tools) >= 2", "“您平时用什么提交申请”选的项数不少于2"),
        ("role ==", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_chinese(expression: str, chinese: str):
    assert in_words(expression, DEFINITION, "zh-CN") == chinese


def test_a_condition_is_said_in_english():
    said = in_words('role == "manager" and answered(tools)', DEFINITION, "en")
    assert "is “I approve”, and “What do you use" in said
    assert said.endswith("is answered")


def test_a_name_that_nobody_knows_is_said_as_it_is():
    assert in_words('nothing == "x"', DEFINITION, "zh-CN") == "“nothing”为“x”"
