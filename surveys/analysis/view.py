"""The responses as every part of an analysis sees them: in an order of their own, counts and thresholds at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.definition import Questionnaire
from surveys.disclosure import Policy
from surveys.frame import Dataset, all_counts, columns, schema
from surveys.questions import Column, Question
from surveys.scoring import score
from surveys.statistics.estimate import Counts, Estimate

_IDENTIFYING = ("_department", "_seconds", "_side")  # META that findings depend on; sequence and day are not among it
_SLICE = 10_000


class View(msgspec.Struct, frozen=True):
    """One wave's responses, scored, sorted by content; ``counts`` holds every column's four states."""

    questionnaire: Questionnaire
    frame: pl.DataFrame
    columns: dict[str, Column]
    counts: dict[str, Counts]
    policy: Policy
    data_hash: str

    @property
    def n(self) -> int:
        return self.frame.height

    def questions(self) -> Iterator[Question]:
        for page in self.questionnaire.pages:
            yield from page.questions

    def values(self, column: str) -> NDArray[np.float64]:
        """The answers to a column of integers or numbers, or of scores, without the nothings."""
        return self.frame[column].drop_nulls().to_numpy().astype(np.float64)

    def matrix(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """People × columns as float, NaN for nothing."""
        if not names:
            return np.empty((self.n, 0))
        frame = self.frame.select(pl.col(name).cast(pl.Float64) for name in names)
        return frame.fill_null(float("nan")).to_numpy()

    def figure(self, estimate: Estimate, column: str) -> Estimate:
        """The estimate beside the column's counts, as it may be shown."""
        return self.policy.figure(estimate.among(self.counts[column]))

    def choice_counts(self, column: str, n_asked: int) -> Counts:
        """Counts of a follow-up put to ``n_asked`` people only."""
        valid = self.counts[column].valid
        return Counts(valid, max(0, n_asked - valid), 0, self.n - max(n_asked, valid))


def view(dataset: Dataset, policy: Policy) -> View:
    """The dataset scored, hashed and put into the order of its rows' digests, which tells nothing of submission."""
    questionnaire = dataset.questionnaire
    digests = _digests(dataset.frame.select(sorted([*schema(questionnaire), *_IDENTIFYING])))
    order = np.argsort(np.array(digests, dtype="S32"), kind="stable")
    frame = score(dataset.frame[order].lazy(), questionnaire).collect() if dataset.frame.height else _empty(dataset)
    known = columns(questionnaire)
    return View(
        questionnaire=questionnaire,
        frame=frame,
        columns=known,
        counts=all_counts(Dataset(questionnaire, frame), list(known.values())),
        policy=policy,
        data_hash=_hash(questionnaire, sorted(digests)),
    )


def _empty(dataset: Dataset) -> pl.DataFrame:
    return score(dataset.frame.lazy(), dataset.questionnaire).collect()


def _digests(frame: pl.DataFrame) -> list[bytes]:
    """One digest per row, of its JSON: the same for the same answers on every machine.

    Columns are named by their place, since the questionnaire's hash says what stands where.
    """
    short = frame.rename({name: str(place) for place, name in enumerate(frame.columns)})
    return [
        hashlib.blake2b(line, digest_size=16).hexdigest().encode()
        for part in short.iter_slices(_SLICE)
        for line in part.write_ndjson().encode().splitlines()
    ]


def _hash(questionnaire: Questionnaire, digests: list[bytes]) -> str:
    definition = msgspec.json.encode(questionnaire, order="deterministic")
    return hashlib.sha256(hashlib.sha256(definition).digest() + b"".join(digests)).hexdigest()


def library_versions() -> dict[str, str]:
    """What computed the figures."""
    return {name: version(name) for name in ("numpy", "polars", "scipy")}
