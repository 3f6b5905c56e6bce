"""What is measured of a process's steps and pain points, in words: causes, measures and the ends of their points."""

from __future__ import annotations

from typing import Literal

from surveys.questions.base import Column
from surveys.text import Text

POINTS = 5

Cause = Literal["people", "machine", "material", "method", "environment", "measurement"]
"""人机料法环测, the six branches of the fishbone."""

CAUSES: tuple[Cause, ...] = ("people", "machine", "material", "method", "environment", "measurement")

CAUSE_LABELS: dict[str, Text] = {
    "people": {"zh-CN": "人", "en": "People"},
    "machine": {"zh-CN": "机（系统与工具）", "en": "Machine (systems and tools)"},
    "material": {"zh-CN": "料（信息与资料）", "en": "Material (information and documents)"},
    "method": {"zh-CN": "法（流程与规则）", "en": "Method (process and rules)"},
    "environment": {"zh-CN": "环（环境与组织）", "en": "Environment (setting and organisation)"},
    "measurement": {"zh-CN": "测（衡量与考核）", "en": "Measurement (metrics and assessment)"},
}

MEASURES: dict[str, Text] = {
    "work": {"zh-CN": "实际动手的时间", "en": "time spent working"},
    "wait": {"zh-CN": "等待的时间", "en": "time spent waiting"},
    "errors": {"zh-CN": "差错频率", "en": "how often it goes wrong"},
    "pain": {"zh-CN": "难受程度", "en": "how painful it is"},
    "severity": {"zh-CN": "影响程度", "en": "how serious it is"},
    "frequency": {"zh-CN": "发生频率", "en": "how often it happens"},
    "category": {"zh-CN": "原因类别", "en": "kind of cause"},
}
"""What is asked of a step or a pain point, as its column is labelled."""

ENDS: dict[str, tuple[Text, Text]] = {
    "errors": ({"zh-CN": "从不", "en": "never"}, {"zh-CN": "几乎每次", "en": "almost always"}),
    "pain": ({"zh-CN": "不难受", "en": "not at all"}, {"zh-CN": "非常难受", "en": "severely"}),
    "severity": ({"zh-CN": "轻微", "en": "slight"}, {"zh-CN": "严重", "en": "severe"}),
    "frequency": ({"zh-CN": "很少", "en": "rarely"}, {"zh-CN": "几乎每天", "en": "almost daily"}),
}
"""The worded ends of what is answered by 1 … ``POINTS``."""


def points_column(name: str, question: str, label: Text, measure: str) -> Column:
    """An integer 1 … ``POINTS`` between the ends of ``measure``."""
    low, high = ENDS[measure]
    labels = {"1": low, str(POINTS): high}
    return Column(name=name, question=question, kind="integer", label=label, labels=labels, low=1, high=POINTS)
