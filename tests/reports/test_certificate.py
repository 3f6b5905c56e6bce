"""The certificate's page holds whatever a name or a course may be."""

from __future__ import annotations

from datetime import date

import pytest
import segno

from reports.certificate import Proof, render
from tests.reports.hostile import SEEDS

URL = "https://survey.example.com/certificate/7K3M-9QRT-2F4H-T"
MATRIX = [[bool(module) for module in row] for row in segno.make(URL, error="m", micro=False).matrix]


def proof(**changed) -> Proof:
    given = {
        "name": "王小明", "detail": "1001 · 客户服务部", "course": "投诉处理新流程 V2.0", "issuer": "投诉处理流程优化",
        "issued_on": date(2026, 11, 22), "valid_until": date(2027, 11, 22), "serial": "7K3M-9QRT-2F4H-T", "url": URL,
        "qr_matrix": MATRIX, **changed,
    }  # fmt: skip
    return Proof(**given)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_text_breaks_the_page(language: str):
    for text in SEEDS:
        made = render(proof(name=text, detail=text, course=text, issuer=text, valid_until=None), language)
        assert made.startswith(b"%PDF")


def test_the_same_proof_gives_the_same_bytes():
    assert render(proof(), "zh-CN") == render(proof(), "zh-CN") != render(proof(), "en")


def test_a_code_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match="square"):
        render(proof(qr_matrix=[[True, False]]), "en")
