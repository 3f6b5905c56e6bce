"""The responses as every part of an analysis sees them: in an order of their own, counts and thresholds at hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from surveys.analysis.together import scored
from surveys.definition import Questionnaire
from surveys.disclosure import Policy
from surveys.frame import Dataset, all_counts, columns, schema
from surveys.questions import Column, Question
from surveys.statistics.estimate import Counts, Estimate

_IDENTIFYING = ("_department", "_seconds", "_side")  # META that findings depend on; sequence and day are not among it
_NULL = 2**32 - 1  # the length of no text and of no list


class View(msgspec.Struct, frozen=True):
    """One wave's responses, scored, sorted by content; ``counts`` holds every column's four states.

    ``silent`` columns hold nothing, since beside a larger group's their figures would tell of too few people.
    """

    questionnaire: Questionnaire
    frame: pl.DataFrame
    columns: dict[str, Column]
    counts: dict[str, Counts]
    policy: Policy
    data_hash: str
    silent: frozenset[str] = frozenset()

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

    def together(self, joint: str) -> NDArray[np.float64]:
        """People × columns of those who answered all columns of a joint one."""
        return self.frame[joint].drop_nulls().struct.unnest().to_numpy()

    def figure(self, estimate: Estimate, column: str) -> Estimate:
        """The estimate beside the column's counts, as it may be shown."""
        if column in self.silent:
            return estimate.without_value("small_group", suppressed=True)
        counts = self.counts.get(column) or Counts(estimate.n_valid, self.n - estimate.n_valid)
        return self.policy.figure(estimate.among(counts))

    def choice_counts(self, column: str, n_asked: int) -> Counts:
        """Counts of a follow-up put to ``n_asked`` people only."""
        valid = self.counts[column].valid
        return Counts(valid, max(0, n_asked - valid), 0, self.n - max(n_asked, valid))


def view(
    dataset: Dataset,
    policy: Policy,
    silent: frozenset[str] = frozenset(),
    kept: Mapping[str, NDArray[np.bool_]] | None = None,
    ordered: bool = False,
) -> View:
    """The dataset scored, hashed and put into an order by content, which tells nothing of submission.

    ``ordered``: it is in that order already. ``kept``: column → whose answers are told.
    """
    questionnaire = dataset.questionnaire
    content = (dataset if ordered else by_content(dataset)).frame.select(_content(questionnaire))
    frame = scored(content.lazy(), questionnaire).collect()
    frame = frame.with_columns(
        pl.when(pl.Series(mask)).then(pl.col(name)).alias(name) for name, mask in (kept or {}).items()
    )
    known = columns(questionnaire)
    counts = all_counts(Dataset(questionnaire, frame), list(known.values()))
    frame = frame.with_columns(pl.lit(None, dtype=frame.schema[name]).alias(name) for name in silent)
    return View(
        questionnaire=questionnaire,
        frame=frame,
        columns=known,
        counts=counts | dict.fromkeys(silent & counts.keys(), Counts(0)),
        policy=policy,
        data_hash=_hash(questionnaire, content),
        silent=silent,
    )


def by_content(dataset: Dataset) -> Dataset:
    """The same responses in an order that only depends on what they say, not on when they came."""
    content = dataset.frame.select(_content(dataset.questionnaire))
    if not content.height:
        return dataset
    # Rows of one hash are equal, but for an accident of 64 bits; the order is that of this version of polars, as any
    # figure's last bit is. A stable sort, so that ordering again changes nothing.
    order = np.argsort(content.hash_rows(seed=0).to_numpy(), kind="stable")
    return Dataset(dataset.questionnaire, dataset.frame[order])


def _content(questionnaire: Questionnaire) -> list[str]:
    return sorted([*schema(questionnaire), *_IDENTIFYING])


def _hash(questionnaire: Questionnaire, ordered: pl.DataFrame) -> str:
    digest = hashlib.blake2b(msgspec.json.encode(questionnaire, order="deterministic"), digest_size=32)
    for values in ordered.iter_columns():
        for part in _parts(values):
            digest.update(hashlib.blake2b(part).digest())
    return digest.hexdigest()


def _parts(values: pl.Series) -> Iterator[bytes]:
    """A column as bytes that say which values stand where, and nothing where."""
    if isinstance(values.dtype, pl.List):
        yield values.list.len().fill_null(_NULL).to_numpy().tobytes()
        values = values.explode(empty_as_null=False, keep_nulls=False)
    if values.dtype == pl.String:
        yield values.str.len_bytes().fill_null(_NULL).to_numpy().tobytes()
        yield values.drop_nulls().str.join().item().encode()
    else:
        yield values.is_null().to_numpy().tobytes()
        yield values.fill_null(0).to_numpy().tobytes()


def library_versions() -> dict[str, str]:
    """What computed the figures."""
    return {name: version(name) for name in ("numpy", "polars", "scipy")}
