"""The findings in a few sentences, and what they cannot say."""

from __future__ import annotations

from matcher.gaps.findings import Alike, GapAnalysis
from matcher.gaps.themes import LEAST_COMPANIES, LEAST_NEEDS
from service.gaps.rows import counted, counted_words, name_of, percent, share

LIMITS = (
    "The line is relative: a need under it gets less than three of four ordinary needs would from the same directory. That "
    "does not say that nobody can help, and a place over the line does not promise that somebody can.",
    "Probabilities are those of becoming a partner, learned from research consortia. They are no verdict on a provider. Of "
    "past needs, those that were promised less found fewer partners, but many of them found one all the same.",
    "Who is not in the directory is not seen: a gap may be the directory's and not the regions'. Ask the partners first.",
    "Needs that were never put leave no trace, and neither do companies that gave up.",
    "The intervals take needs as independent and subjects as given. Both were found in the same needs, and a company may have "
    "put several; among many subjects some are large by chance.",
)


def in_short(found: GapAnalysis) -> list[str]:
    """The most important first."""
    if not found.needs:
        return ["There is no need to look at.", *_skipped(found)]
    needs = counted_words(found.needs, "need")
    behind = counted_words(found.companies, "company", "companies")
    said = [
        f"{needs} of at least {behind}, from {found.source}: {share(found.unmet)} are unmet. {_compared(found)}",
        _gaps(found),
    ]
    if found.unmet.numerator:
        said.append(f"Why they are unmet: {counted(found.why)}.")
    if found.near_line:
        said.append(
            f"{counted_words(found.near_line, 'need')}, met or unmet, within reach of the line: another wording might have "
            f"been judged otherwise. An ordinary need in two languages is judged alike in {_alike(found.ordinary_alike)}."
        )
    if found.reworded is not None:
        reworded = found.reworded
        said.append(
            f"Put in {len(reworded.languages)} languages, {reworded.on_one_subject} of {reworded.needs} needs fall on one "
            f"subject in all of them; two languages of a need are judged alike in {_alike(reworded.alike)}."
        )
    return [*said, *_skipped(found)]


def _alike(found: Alike) -> str:
    return f"{percent(found.pairs.value or 0.0)} of cases, where dice would give {percent(found.by_chance)}"


def _compared(found: GapAnalysis) -> str:
    ordinary = found.ordinary_unmet.value or 0.0
    low, high = found.unmet.low or 0.0, found.unmet.high or 0.0
    if low > ordinary:
        return f"That is more than the {percent(ordinary)} of ordinary needs."
    if high < ordinary:
        return f"That is less than the {percent(ordinary)} of ordinary needs."
    return f"Of ordinary needs {percent(ordinary)} would be: no difference is proven."


def _gaps(found: GapAnalysis) -> str:
    sure = [gap for gap in found.gaps if not gap.is_anecdote]
    few = len(found.gaps) - len(sure)
    if not found.gaps:
        return "Nothing is missing: every need has as much abroad as ordinary needs have."
    if not sure:
        rule = f"{LEAST_NEEDS} unmet needs of {LEAST_COMPANIES} companies"
        return f"No gap: no subject has {rule}. What follows are {counted_words(few, 'anecdote')}, to be watched."
    told = "; ".join(f"{name_of(gap)} ({gap.theme.kind})" for gap in sure)
    anecdotes = f" {counted_words(few, 'subject')} with fewer: anecdotes, to be watched." if few else ""
    return f"{counted_words(len(sure), 'gap')}: {told}.{anecdotes}"


def _skipped(found: GapAnalysis) -> list[str]:
    told = []
    if found.skipped.erased:
        told.append(f"{counted_words(found.skipped.erased, 'list')} left out: the need's words were erased.")
    if found.skipped.repeated:
        told.append(f"{counted_words(found.skipped.repeated, 'list')} left out: the company put the same need again later.")
    return told
