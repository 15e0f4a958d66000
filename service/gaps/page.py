"""The findings as one HTML page that needs nothing else: no script, no address, pictures within."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale

from embeddings.language import UNKNOWN
from matcher.gaps.findings import Gap, GapAnalysis
from matcher.gaps.themes import LEAST_COMPANIES, LEAST_NEEDS
from service.gaps import plots
from service.gaps.rows import counted, counted_words, name_of, nearest, recruit, share
from service.gaps.summary import LIMITS, in_short
from service.report.pages import page_templates
from service.report.parts import Picture, Table, picture
from service.report.svg import drawing

_BARS = 15
_FIELDS = ("technology", "finance", "commercial", "any")
GLOSSARY = {
    "unmet": "No provider abroad is as probable as a list requires (“no good match”), or the need is unlike what the directory "
    "is for, or the first providers abroad together promise less than the line.",
    "expected number": "Of good providers abroad among the first: their probabilities added up, taking the need as one for the "
    "directory.",
    "the line": "What three of four ordinary needs get from the same directory, in the need's language.",
    "ordinary needs": "A bank of requests on many subjects, each in five languages, that is part of Crossmatch.",
    "subject": "Needs that are nearer to each other than needs on different subjects are, in whatever language.",
    "anecdote": f"Fewer than {LEAST_NEEDS} unmet needs, or of fewer than {LEAST_COMPANIES} companies.",
    "95 %": "Where the share would lie in 95 of 100 such samples of needs (Wilson).",
    "at home": "In the company's own country.",
}


@dataclass(frozen=True)
class Card:
    """A gap: what is known of it, by name."""

    title: str
    facts: Mapping[str, str]


@dataclass(frozen=True)
class _Section:
    """A heading and what stands under it."""

    name: str
    title: str
    intro: Sequence[str]
    parts: Sequence[Picture | Table | Card]


def gap_page(found: GapAnalysis) -> str:
    """The page. The same findings give the same bytes."""
    environment = page_templates("service.gaps", "service.report")
    with drawing():
        sections = list(_sections(found))
    page = environment.get_template("gaps.html")
    return page.render(sections=sections, short=in_short(found), limits=LIMITS, glossary=GLOSSARY) + "\n"


def _sections(found: GapAnalysis) -> Iterator[_Section]:
    if not found.needs:
        return
    if found.gaps:
        yield _gaps(found)
    yield _regions(found)
    yield _line(found)


def _gaps(found: GapAnalysis) -> _Section:
    shown = found.gaps[:_BARS]
    rows = [
        plots.Bar(
            label=f"{gap.number}  {name_of(gap)}",
            share=gap.of_all.value or 0.0,
            low=gap.of_all.low or 0.0,
            high=gap.of_all.high or 0.0,
            says=f"{gap.unmet.numerator} of {gap.unmet.denominator}",
            is_sure=not gap.is_anecdote,
        )
        for gap in shown
    ]
    figure = plots.bars(rows, f"unmet needs on the subject, as a share of all {found.needs} needs (95 %)")
    sure = sum(not gap.is_anecdote for gap in found.gaps)
    says = (
        "Beside each bar: unmet needs, of all needs on the subject. "
        f"Orange are gaps ({sure}), grey anecdotes ({len(found.gaps) - sure})."
    )
    if len(found.gaps) > len(shown):
        says += f" The table has {len(found.gaps) - len(shown)} more."
    parts: list[Picture | Table | Card] = [picture(figure, "gaps-bars", "How many needs each subject leaves unmet", says)]
    parts += [_card(gap) for gap in found.gaps if not gap.is_anecdote]
    if anecdotes := [gap for gap in found.gaps if gap.is_anecdote]:
        parts.append(_table(anecdotes))
    words = "Subjects are named by words that two companies or more use"
    intro = f"{words}; titles are shown too, so this page is for own use." if found.shows_titles else f"{words}."
    return _Section("gaps", "What is missing", (intro,), parts)


def _card(gap: Gap) -> Card:
    facts = {
        "unmet": f"{share(gap.unmet)}, of at least {counted_words(gap.companies, 'company', 'companies')}",
        "why": counted(gap.why) + (f"; {gap.near_line} within reach of the line" if gap.near_line else ""),
        "fields sought": counted(gap.fields),
        "asked by": f"{counted(gap.regions)} ({counted(gap.countries)})",
        "nearest, of any country": nearest(gap),
        "could recruit": recruit(gap),
        "like": f"the ordinary need “{gap.like}”" if gap.like else "",
        "for example": f"“{gap.title}”" if gap.title else "",
        "what to do": f"{gap.theme.kind}: {gap.theme.reason}",
    }
    return Card(f"{gap.number}. {name_of(gap)}", {name: said for name, said in facts.items() if said})


def _table(anecdotes: list[Gap]) -> Table:
    caption = f"Anecdotes: fewer than {LEAST_NEEDS} unmet needs, or of fewer than {LEAST_COMPANIES} companies."
    columns = ["", "subject", "unmet", "fields", "asked by", "nearest, of any country", "could recruit"]
    rows = [
        [
            str(gap.number),
            _subject(gap),
            f"{gap.unmet.numerator} of {gap.unmet.denominator}",
            counted(gap.fields),
            counted(gap.regions),
            nearest(gap, 1),
            recruit(gap, 2),
        ]
        for gap in anecdotes
    ]
    return Table(caption, columns, rows)


def _subject(gap: Gap) -> str:
    told = [gap.label, f"“{gap.title}”" if gap.title else "", f"like: {gap.like}" if gap.like else ""]
    return "; ".join(filter(None, told)) or "no word shared"


def _regions(found: GapAnalysis) -> _Section:
    cells = {(cell.region, cell.field): cell.unmet for cell in found.cells}
    regions = sorted({region for region, _ in cells})
    fields = [field for field in _FIELDS if any(field == asked for _, asked in cells)]
    figure = plots.heat_map(
        {key: plots.Cell(unmet.numerator, unmet.denominator) for key, unmet in cells.items()}, regions, fields, LEAST_NEEDS
    )
    says = (
        "Unmet needs, of all needs of the region that seek the field; the darker, the larger the share. Grey are cells with "
        f"fewer than {LEAST_NEEDS} needs, whose share says little. A need that seeks two fields is in both."
    )
    rows = [[region, field, share(unmet)] for (region, field), unmet in sorted(cells.items(), key=lambda item: item[0])]
    table = Table("Regions and fields.", ["region", "field", "unmet"], rows, folded=True)
    return _Section(
        "regions", "Regions and fields", (), [picture(figure, "regions-fields", "Where needs stay unmet", says), table]
    )


def _line(found: GapAnalysis) -> _Section:
    rows = []
    for language in sorted({point.language for point in found.expected}):
        of_language = [point for point in found.expected if point.language == language]
        line = found.lines.get(language, found.line_overall)
        ordinary = [one.expected for one in found.ordinary if one.language == language or language not in found.lines]
        met, unmet = ([one.expected for one in of_language if one.is_unmet is which] for which in (False, True))
        rows.append(plots.Row(f"{_language(language)} ({len(of_language)})", ordinary, met, unmet, line))
    axis = f"expected number of good providers abroad among the first {found.k}"
    says = (
        "Each mark is one need. What lies left of the line of its language is unmet, and so are needs without a good match and "
        "needs unlike the directory, wherever they lie. In brackets is the number of needs."
    )
    intro = (
        "A probability says little by itself, so each need is held against ordinary ones, asked of the same directory for "
        "companies of the programme's countries. The line is their lower quartile, and each language has its own: the same "
        "need put in another language gets more or less for reasons that lie in the text.",
    )
    plot = picture(plots.distribution(rows, axis), "line-distribution", "What needs get, and the line", says)
    return _Section("line", "How it is decided", intro, [plot])


def _language(code: str) -> str:
    return "unknown" if code == UNKNOWN else str(Locale("en").languages.get(code, code))
