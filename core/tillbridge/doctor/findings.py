"""What the doctor says: kinds of findings, each in three sentences, and what came of every check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from tillbridge.model.words import Words

Figure: TypeAlias = Words | str | int


class _Count(int):
    """A number that chooses the words behind it: `{count:order waits|orders wait}`."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return f"{int(self)} {one if self == 1 else many}" if bar else format(int(self), spec)


class Standing(StrEnum):
    """How something is."""

    GOOD = "good"
    LOOK = "look"  # a person should look at it
    BROKEN = "broken"  # something does not work
    UNCHECKED = "unchecked"  # what it needs is broken, or it was not asked for


_WORST_FIRST = (Standing.BROKEN, Standing.LOOK, Standing.UNCHECKED, Standing.GOOD)


def worst(standings: Sequence[Standing]) -> Standing:
    """Return the worst of them; nothing is good."""
    return next((one for one in _WORST_FIRST if one in standings), Standing.GOOD)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        code: what kind it is, as in "key.lost"; scripts may rely on it.
        wrong: what is wrong, with the figures.
        means: what that means for the shop.
        remedy: what to do.
        figures: the numbers and names in the sentences, for scripts.
    """

    code: str
    standing: Standing
    wrong: Words
    means: Words
    remedy: Words
    figures: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of finding: its sentences, with {names} where figures come, {count:one|many} where they count.

    Attributes:
        code: as in "key.lost".
        standing: how bad it is.
        wrong: what is wrong.
        means: what that means for the shop.
        remedy: what to do.
    """

    code: str
    standing: Standing
    wrong: Words
    means: Words
    remedy: Words

    def found(self, **figures: Figure) -> Finding:
        """Return a finding of this kind; a figure may be words."""

        def fill(template: Words) -> Words:
            return Words(
                template.en.format(**{name: _said(one, "en") for name, one in figures.items()}),
                template.ko.format(**{name: _said(one, "ko") for name, one in figures.items()}),
            )

        return Finding(
            code=self.code,
            standing=self.standing,
            wrong=fill(self.wrong),
            means=fill(self.means),
            remedy=fill(self.remedy),
            figures={name: one.en if isinstance(one, Words) else one for name, one in figures.items()},
        )


def _said(figure: Figure, language: str) -> str | int:
    if isinstance(figure, Words):
        return figure.ko if language == "ko" else figure.en
    return _Count(figure) if isinstance(figure, int) else figure


Said: TypeAlias = Iterator["Finding | Words"]
"""What a check yields: findings, and notes on what it saw."""


@dataclass(frozen=True, kw_only=True)
class Examined:
    """What came of one check.

    Attributes:
        name: as in "key"; scripts may rely on it.
        title: what people call it.
        findings: the worst first.
        notes: what was seen, in a few words each.
        seconds: how long it took.
    """

    name: str
    title: Words
    standing: Standing
    findings: Sequence[Finding]
    notes: Sequence[Words]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """All that the doctor has to say.

    Attributes:
        checks: in the sequence in which they are shown.
    """

    checks: Sequence[Examined]

    @property
    def standing(self) -> Standing:
        """The worst of all checks; what was not checked does not count for itself."""
        return worst([one.standing for one in self.checks if one.standing is not Standing.UNCHECKED])

    @property
    def findings(self) -> Sequence[Finding]:
        """Every finding, the worst first."""
        return by_weight([finding for one in self.checks for finding in one.findings])


def by_weight(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings with the worst first, otherwise as they came."""
    return sorted(findings, key=lambda one: _WORST_FIRST.index(one.standing))
