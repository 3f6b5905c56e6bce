"""Findings of an invented complaint-handling diagnosis, to make documents of. Figures hang together; nobody exists."""

from __future__ import annotations

import random
from typing import Any

from surveys.analysis.findings import (
    Branch,
    CommentFinding,
    DiagnosisFindings,
    GroupMean,
    GroupRate,
    GroupTest,
    ItemFinding,
    Level,
    PainFinding,
    PriorityFinding,
    PriorityPoint,
    ProgrammeFacts,
    QuestionFinding,
    ResponseFinding,
    ScaleFinding,
    SegmentFinding,
    Statement,
    StepFinding,
    TargetFact,
    TimelineFinding,
    WaveFacts,
    WhyChain,
    WhyGroup,
    WithoutFlagged,
)
from surveys.analysis.priorities import ORDER, candidates
from surveys.statistics.estimate import Estimate
from surveys.statistics.importance import quadrant_of
from surveys.text import Text

AGREEMENT = [
    {"zh-CN": "非常不同意", "en": "Strongly disagree"},
    {"zh-CN": "不同意", "en": "Disagree"},
    {"zh-CN": "一般", "en": "Neutral"},
    {"zh-CN": "同意", "en": "Agree"},
    {"zh-CN": "非常同意", "en": "Strongly agree"},
]
SCALES = [
    (
        "clarity",
        "职责清晰",
        "Clear responsibility",
        2.3,
        [
            ("每件投诉都有明确的第一责任人", "Every complaint has one clear owner"),
            ("我清楚自己在处理中的权限", "I know what I may decide"),
            ("部门之间的交接边界清楚", "Hand-over boundaries between departments are clear"),
            ("出现争议时知道由谁裁定", "I know who settles a dispute"),
        ],
    ),
    (
        "information",
        "信息传递",
        "Information transfer",
        2.5,
        [
            ("我能及时拿到处理所需的信息", "I get the information I need in time"),
            ("客户无需重复说明同一问题", "Customers need not repeat themselves"),
            ("处理进度随时可查", "Progress can be seen at any time"),
            ("退回时会说明原因", "Returns come with a reason"),
        ],
    ),
    (
        "cooperation",
        "跨部门协作",
        "Cooperation",
        2.9,
        [
            ("其他部门愿意配合处理", "Other departments are willing to help"),
            ("协作请求有约定的响应时限", "Requests have an agreed response time"),
            ("问题出现时先解决再追责", "We solve first and blame later"),
            ("跨部门会议能形成结论", "Meetings across departments end in decisions"),
        ],
    ),
    (
        "tools",
        "系统与工具",
        "Tools and systems",
        3.0,
        [
            ("系统支持我完成大部分操作", "The system supports most of my work"),
            ("同一信息不需要多次录入", "Nothing is entered twice"),
            ("系统运行稳定", "The system is stable"),
            ("移动端可以处理常见操作", "Common tasks can be done on the phone"),
        ],
    ),
    (
        "rules",
        "制度与合规",
        "Rules and compliance",
        3.7,
        [
            ("处理标准写得清楚", "Standards are clearly written"),
            ("审批层级是必要的", "The approval levels are necessary"),
            ("我经常需要绕开规定才能完成工作", "I often have to bypass rules to get work done"),
            ("新规定会及时培训", "New rules are trained in time"),
        ],
    ),
    (
        "attitude",
        "服务意识",
        "Service attitude",
        4.1,
        [
            ("同事重视客户的感受", "Colleagues care how customers feel"),
            ("我愿意为客户多做一步", "I go one step further for customers"),
            ("团队鼓励主动沟通", "The team encourages reaching out"),
            ("处理投诉被视为改进机会", "Complaints are seen as chances to improve"),
        ],
    ),
]
STEPS = [
    ("register", "受理登记", "Register", "客服部", "Customer service", 12, 1, 2.1, 2.0),
    ("classify", "分类定级", "Classify", "客服部", "Customer service", 10, 3, 2.6, 2.4),
    ("assign", "分派责任部门", "Assign owner", "运营部", "Operations", 15, 18, 3.6, 4.2),
    ("investigate", "调查原因", "Investigate", "责任部门", "Department in charge", 90, 10, 3.1, 3.3),
    ("propose", "制定方案", "Propose remedy", "责任部门", "Department in charge", 45, 6, 2.7, 2.9),
    ("approve", "逐级审批", "Approve", "分管领导", "Management", 8, 14, 2.2, 3.8),
    ("close", "回访与关闭", "Call back and close", "客服部", "Customer service", 20, 5, 2.0, 2.2),
]
PAINS = [
    ("no_owner", "没有明确的第一责任人", "No clear first owner", "people", 118),
    ("handover", "交接次数多且靠纸质单据", "Many hand-overs on paper", "method", 104),
    ("late_info", "信息到得晚或不完整", "Late or incomplete information", "material", 82),
    ("approvals", "审批层级过多", "Too many approval levels", "method", 71),
    ("no_status", "看不到处理进度", "Progress is invisible", "machine", 60),
    ("double_entry", "同一信息重复录入", "Same data entered twice", "machine", 43),
    ("standards", "处理标准不统一", "Inconsistent standards", "measurement", 38),
    ("training", "新员工不熟悉流程", "New staff do not know the process", "people", 29),
    ("peak", "旺季工作量集中", "Workload peaks", "environment", 22),
    ("kpi", "部门考核目标相互冲突", "Conflicting departmental targets", "measurement", 19),
    ("contact", "联系不上客户", "Customers cannot be reached", "environment", 11),
    ("forms", "表单字段过多", "Forms have too many fields", "material", 8),
]
DEPARTMENTS = [
    ("客服部", "Customer service", 52, 47),
    ("运营部", "Operations", 46, 39),
    ("物流部", "Logistics", 38, 30),
    ("质量部", "Quality", 30, 24),
    ("销售部", "Sales", 32, 23),
    ("信息部", "IT", 18, 13),
    ("财务部", "Finance", 14, 10),
    ("法务部", "Legal", 10, None),
]
SIDES = [
    ("upstream", "上游", "Upstream", 60, 48),
    ("operator", "操作岗位", "Operators", 90, 73),
    ("downstream", "下游", "Downstream", 60, 45),
    ("manager", "管理者", "Managers", 30, 24),
]
COMMENTS = [
    "投诉单在三个部门之间转来转去，最后客户问我，我也不知道现在在谁手里。",
    "希望能有一个统一的入口，登记一次，后面的人直接在系统里接着处理，不要再打印签字了。",
    "审批到分管领导那里经常要等一两天，其实金额很小，完全可以授权给组长。",
    "夜班收到的投诉要等到第二天上午开会才分派，白白浪费十几个小时。",
    "质量部要的照片和批次号，一开始就应该让客服问清楚，现在每次都要回头再联系客户。",
    "It would help if the CRM showed who owns the case right now; today I keep a spreadsheet of my own.",
    "客服的同事态度很好，愿意多走一步，问题在于后台没有人接。",
    "建议把 24 小时内分派写进考核，并且每周公布各部门的平均等待时间。",
    "退回来不写原因👎，我只能一个一个打电话问。",
    "系统很卡，同一个客户信息要在 ERP、CRM 和 Excel 里各录一遍。",
    "新人来了没人带，流程文件还是 2019 年的版本。",
    "其实大家都想解决问题，但“谁牵头”这件事一直没有说清楚。",
]


def text(chinese: str, english: str) -> Text:
    return {"zh-CN": chinese, "en": english}


def estimate(value: float | None, n: int, method: str, half: float = 0.0, **more: Any) -> Estimate:
    shown = value is not None and n >= 10 and half > 0
    return Estimate(
        value=value if n >= 1 else None,
        method=method,
        n_valid=n,
        ci_low=value - half if shown and value is not None else None,
        ci_high=value + half if shown and value is not None else None,
        **more,
    )


def item(rng: random.Random, column: str, label: Text, mean: float, n: int, turned: bool) -> ItemFinding:
    weights = [max(0.02, 1 - abs(level - mean) / 2.2) for level in range(1, 6)]
    counts = [0] * 5
    for level in rng.choices(range(5), weights, k=n):
        counts[level] += 1
    real = sum((level + 1) * count for level, count in enumerate(counts)) / n if n else None
    top = (counts[3] + counts[4]) / n if n else None
    labels = AGREEMENT[::-1] if turned else AGREEMENT
    levels = tuple(
        Level(label=labels[level], value=level + 1, count=count, share=count / n if n >= 10 else None)
        for level, count in enumerate(counts)
    )
    return ItemFinding(
        column=column,
        label=label,
        reversed=turned,
        levels=levels if n >= 5 else (),
        median=estimate(float(round(mean)), n, "median_order_statistic"),
        mean=estimate(real, n, "mean_t", 0.16),
        sd=1.05,
        top2=estimate(top, n, "wilson", 0.07),
        item_rest_correlation=0.55,
        alpha_if_deleted=0.78,
    )


def scales(rng: random.Random, n: int) -> tuple[ScaleFinding, ...]:
    found = []
    for rank, (code, chinese, english, mean, items) in enumerate(sorted(SCALES, key=lambda scale: -scale[3]), 1):
        verdict = "strength" if mean > 3.15 else "improve" if mean < 2.85 else "mixed"
        found.append(
            ScaleFinding(
                code=code,
                label=text(chinese, english),
                description=text("四个题项的均值", "Mean of four items"),
                low=1,
                high=5,
                middle=3.0,
                mean=estimate(mean, n, "mean_t", 0.13),
                sd=0.82,
                top2=estimate(mean / 6, n, "wilson", 0.06),
                alpha=estimate(0.81, n, "alpha_feldt", 0.04),
                omega=estimate(0.82, n, "omega_total", 0.04),
                rank=rank,
                verdict=verdict if n >= 10 else "insufficient",
                items=tuple(
                    item(rng, f"{code}.i{number}", text(*labels), mean + rng.uniform(-0.4, 0.4), n, "绕开" in labels[0])
                    for number, labels in enumerate(items)
                ),
            )
        )
    return tuple(found)


def process(n: int) -> tuple[tuple[StepFinding, ...], TimelineFinding]:
    total = sum(work + wait * 60 for *_, work, wait, _, _ in STEPS)
    steps = tuple(
        StepFinding(
            code=code,
            label=text(chinese, english),
            owner=text(owner, owner_english),
            work=estimate(float(work), n, "median_order_statistic", work * 0.15),
            wait=estimate(wait * 60.0, n, "median_order_statistic", wait * 8.0),
            errors=estimate(errors, n, "mean_t", 0.2),
            pain=estimate(pain, n, "mean_t", 0.2),
            share_of_time=(work + wait * 60) / total,
            bottleneck=code == "assign",
        )
        for code, chinese, english, owner, owner_english, work, wait, errors, pain in STEPS
    )
    work_total = float(sum(step[5] for step in STEPS))
    return steps, TimelineFinding(work=work_total, wait=total - work_total, efficiency=work_total / total, n=n)


IMPORTANCE = {
    "clarity": 0.62, "information": 0.55, "cooperation": 0.31, "tools": 0.28, "rules": 0.2, "attitude": 0.58,
}  # fmt: skip


def priorities(scaled: tuple[ScaleFinding, ...], n: int) -> PriorityFinding:
    """As ``surveys.analysis.priorities`` finds them of these scales."""
    lines = (sum(IMPORTANCE.values()) / 6, sum(scale.mean.value or 0.0 for scale in scaled) / 6)
    points = []
    for scale in scaled:
        importance = estimate(IMPORTANCE[scale.code], n, "pearson", 0.11)
        quadrant, uncertain = quadrant_of(importance, scale.mean, lines)
        point = PriorityPoint(
            code=scale.code, label=scale.label, importance=importance, performance=scale.mean,
            quadrant=quadrant or "", uncertain=uncertain,
        )  # fmt: skip
        points.append(point)
    points.sort(key=lambda each: (ORDER.index(each.quadrant), -(each.importance.value or 0.0)))
    overall = text("总的来说，您怎么评价现在的流程？", "Overall, how do you rate this process today?")
    return PriorityFinding(overall=overall, low=1, high=5, points=tuple(points), crosshair=lines if n >= 10 else None)


def pains(n: int) -> tuple[tuple[PainFinding, ...], tuple[Branch, ...]]:
    total = sum(pain[4] * 12 for pain in PAINS)
    found, cumulative = [], 0.0
    branches: dict[str, list[tuple[Text, int]]] = {}
    for code, chinese, english, category, chosen in PAINS:
        vital = cumulative < 0.8
        cumulative += chosen * 12 / total
        found.append(
            PainFinding(
                code=code,
                label=text(chinese, english),
                category=category,
                chosen=chosen,
                share_of_people=estimate(chosen / n, n, "wilson", 0.06),
                severity=estimate(3.8, chosen, "mean_t", 0.3),
                frequency=estimate(3.4, chosen, "mean_t", 0.3),
                weight=chosen * 12.0,
                share=chosen * 12 / total,
                cumulative=min(1.0, cumulative),
                vital=vital,
            )
        )
        branches.setdefault(category, []).append((text(chinese, english), chosen))
    fishbone = [
        Branch(
            category=category,
            weight=sum(chosen for _, chosen in bones) * 12.0,
            share=sum(chosen for _, chosen in bones) * 12 / total,
            pains=tuple(bones),
        )
        for category, bones in branches.items()
    ]
    return tuple(found), tuple(sorted(fishbone, key=lambda branch: -branch.weight))


def segments(rng: random.Random) -> tuple[SegmentFinding, ...]:
    found = []
    for dimension, label, groups in (
        ("side", text("流程位置", "Side in the process"), [(a, b, n) for _, a, b, _, n in SIDES]),
        ("department", text("部门", "Department"), [(a, b, n) for a, b, _, n in DEPARTMENTS]),
    ):
        means = tuple(
            GroupMean(
                label=text(a, b),
                n=n,
                suppressed=n is None,
                means={}
                if n is None
                else {
                    code: estimate(round(mean + rng.uniform(-0.5, 0.5), 2), n, "mean_t", 1.6 / n**0.5)
                    for code, _, _, mean, _ in SCALES
                },
            )
            for a, b, n in groups
        )
        tests = tuple(
            GroupTest(
                scale=code,
                statistic=4.2,
                p=0.0004 if code == "clarity" else 0.2,
                p_adjusted=0.0024 if code == "clarity" else 0.6,
                effect=estimate(0.08, 180, "omega_squared"),
                family_size=12,
                different=code == "clarity",
            )
            for code, *_ in SCALES
        )
        found.append(SegmentFinding(dimension=dimension, label=label, groups=means, tests=tests))
    return tuple(found)


def questions(n: int) -> tuple[QuestionFinding, ...]:
    def levels(pairs: list[tuple[str, str]], counts: list[int], people: int) -> tuple[Level, ...]:
        return tuple(
            Level(label=text(*pair), value=f"o{number}", count=count, share=count / people if people >= 10 else None)
            for number, (pair, count) in enumerate(zip(pairs, counts, strict=True))
        )

    share = n / 190
    return (
        QuestionFinding(
            question="channel",
            type="multiple",
            multiple=True,
            label=text("您目前通过哪些渠道接收投诉？（可多选）", "Through which channels do you receive complaints?"),
            levels=levels(
                [
                    ("电话", "Phone"),
                    ("纸质单据", "Paper forms"),
                    ("微信群", "WeChat group"),
                    ("CRM 系统", "CRM"),
                    ("邮件", "E-mail"),
                ],
                [round(c * share) for c in (128, 110, 96, 61, 40)],
                n,
            ),
        ),
        QuestionFinding(
            question="tenure",
            type="single",
            label=text("您在当前岗位工作了多久？", "How long have you been in your post?"),
            levels=levels(
                [
                    ("不到 1 年", "Under 1 year"),
                    ("1–3 年", "1–3 years"),
                    ("3–5 年", "3–5 years"),
                    ("5 年以上", "Over 5 years"),
                ],
                [round(c * share) for c in (31, 64, 52, 43)],
                n,
            ),
        ),
        QuestionFinding(
            question="recommend",
            type="nps",
            label=text("您会向同事推荐现在的处理方式吗？（0–10）", "Would you recommend today's way of working?"),
            estimates={"nps": estimate(-34.0, n, "nps_adjusted_wald", 11.0)},
        ),
    )


def example(n: int = 190, comments: tuple[str, ...] | None = None) -> DiagnosisFindings:
    """Findings as of ``n`` responses; ``comments`` in place of the invented ones."""
    rng = random.Random(20260301)
    steps, timeline = process(n)
    points, fishbone = pains(max(n, 118))
    scaled = scales(rng, n)
    by_code = {scale.code: scale for scale in scaled}
    said = comments if comments is not None else tuple(COMMENTS[i % len(COMMENTS)] for i in range(min(n, 60)))
    first, worst = steps[2], by_code["clarity"]
    grouped = segments(rng)
    low, high = grouped[0].groups[1], grouped[0].groups[3]
    return DiagnosisFindings(
        programme=ProgrammeFacts(
            name="客户投诉处理流程优化 V2.0",
            process="客户投诉处理",
            scope="从受理登记到回访关闭，覆盖全部直营渠道",
            owner="客服部",
            sponsor="运营副总经理",
            stage="diagnosis",
            targets=(
                TargetFact(metric="投诉关闭时长", unit="小时", baseline=72, target=48, direction="decrease"),
                TargetFact(metric="客户满意度", unit="%", baseline=78, target=90, direction="increase"),
            ),
        ),
        wave=WaveFacts(
            title="2026 年 3 月现状调研",
            role="baseline",
            anonymity="anonymous",
            minimum_group=5,
            minimum_comments=10,
            opened_on="2026-03-02",
            closed_on="2026-03-13",
            questionnaire=text("投诉处理流程诊断问卷", "Complaint handling diagnosis"),
            questionnaire_name="complaint-diagnosis",
            version=1,
            content_hash="9f2c51d07ab3e86d",
            verified=True,
        ),
        response=ResponseFinding(
            invited=240,
            responded=n,
            rate=estimate(n / 240, 240, "response_rate", 0.05),
            by_department=tuple(
                GroupRate(
                    label=text(a, b),
                    invited=invited,
                    responded=done,
                    rate=None if done is None else estimate(done / invited, invited, "response_rate", 0.05),
                )
                for a, b, invited, done in DEPARTMENTS
            ),
            by_side=tuple(
                GroupRate(
                    label=text(a, b),
                    invited=invited,
                    responded=done,
                    rate=estimate(done / invited, invited, "response_rate", 0.05),
                )
                for _, a, b, invited, done in SIDES
            ),
            median_seconds=642.0,
            flagged={"straight_lining": 4, "too_fast": 3},
            without_flagged=tuple(
                WithoutFlagged(
                    code=scale.code,
                    label=scale.label,
                    low=1,
                    high=5,
                    everybody=scale.mean,
                    without=estimate((scale.mean.value or 3.0) - 0.04, n - 7, "mean_t", 0.13),
                )
                for scale in scaled
            )
            if n > 20
            else (),
        ),
        scales=scaled,
        questions=questions(n),
        steps=steps,
        timeline=timeline,
        pains=points,
        fishbone=fishbone,
        whys=(
            WhyGroup(
                problem=text(*PAINS[0][1:3]),
                n=42,
                chains=(
                    WhyChain(
                        whys=(
                            "投诉单没有人认领",
                            "制度只写了“相关部门处理”",
                            "涉及部门多，制定时没有达成一致",
                            "没有流程负责人来裁定",
                            "流程从未被当作一个整体来管理",
                        )
                    ),
                    WhyChain(whys=("客服登记后不知道转给谁", "责任清单三年没有更新", "组织调整后没有人负责维护")),
                    WhyChain(whys=("谁接单谁倒霉", "接单就计入本部门的投诉率", "考核指标按最终处理部门统计")),
                ),
            ),
            WhyGroup(
                problem=text(*PAINS[1][1:3]),
                n=27,
                chains=(
                    WhyChain(whys=("交接靠纸质单据", "各部门系统不通", "CRM 只给客服开了账号", "许可证按部门预算采购")),
                    WhyChain(whys=("需要签字确认", "担心责任说不清", "没有电子留痕")),
                ),
            ),
            WhyGroup(problem=text(*PAINS[3][1:3]), n=7, chains=(), withheld=True),
        ),
        segments=grouped,
        comments=(
            CommentFinding(
                question="ideas",
                label=text("如果只能改一件事，您会改什么？", "If you could change one thing, what would it be?"),
                n=len(said),
                texts=said,
            ),
            CommentFinding(question="other", label=text("其他想说的话", "Anything else"), n=6, texts=(), withheld=True),
        ),
        strengths=(
            Statement(
                key="scale_strength",
                params={
                    "scale": by_code["attitude"].label,
                    "mean": by_code["attitude"].mean,
                    "middle": 3.0,
                    "high": 5.0,
                },
            ),
            Statement(
                key="scale_strength",
                params={"scale": by_code["rules"].label, "mean": by_code["rules"].mean, "middle": 3.0, "high": 5.0},
            ),
            Statement(
                key="item_strength",
                params={
                    "item": by_code["attitude"].items[1].label,
                    "scale": by_code["attitude"].label,
                    "top2": by_code["attitude"].items[1].top2,
                },
            ),
            Statement(key="step_smooth", params={"step": steps[0].label, "pain": steps[0].pain}),
        ),
        improvements=(
            Statement(
                key="waiting",
                params={"work": timeline.work, "wait": timeline.wait, "efficiency": timeline.efficiency, "n": n},
            ),
            Statement(
                key="bottleneck",
                params={"step": first.label, "work": first.work, "wait": first.wait, "share": first.share_of_time},
            ),
            Statement(
                key="scale_improve", params={"scale": worst.label, "mean": worst.mean, "middle": 3.0, "high": 5.0}
            ),
            Statement(
                key="pains_vital",
                params={
                    "pains": tuple(p.label for p in points if p.vital),
                    "of": len(points),
                    "share": [p for p in points if p.vital][-1].cumulative,
                    "n": n,
                },
            ),
            Statement(
                key="cause",
                params={"category": fishbone[0].category, "share": fishbone[0].share, "weight": fishbone[0].weight},
            ),
            Statement(
                key="difference",
                params={
                    "dimension": grouped[0].label,
                    "scale": worst.label,
                    "highest": high.label,
                    "lowest": low.label,
                    "highest_mean": high.means["clarity"],
                    "lowest_mean": low.means["clarity"],
                    "p_adjusted": 0.0024,
                },
            ),
        ),
        priorities=priorities(scaled, n) if n else None,
        candidates=candidates(steps, ()) if n else (),
        data_hash="5d41402abc4b2a76b9719d911017c592ae1f3c77",
        library_versions={"polars": "2.1.0", "scipy": "1.17.0"},
    )
