"""The report as one HTML page that needs nothing else: no script, no address, pictures within."""

from __future__ import annotations

from matcher.programme.report_records import ProgrammeReport
from service.programme.report_places import Places
from service.programme.report_sections import sections_of
from service.programme.report_summary import GLOSSARY, LIMITS, in_short
from service.report.pages import page_templates
from service.report.svg import drawing


def report_page(report: ProgrammeReport, places: Places) -> str:
    """The page. The same report gives the same bytes.

    Args:
        report: the figures.
        places: what the map is drawn on.
    """
    environment = page_templates("service.programme", "service.report")
    with drawing():
        sections = list(sections_of(report, places))
    page = environment.get_template("report.html")
    return page.render(report=report, sections=sections, short=in_short(report), limits=LIMITS, glossary=GLOSSARY) + "\n"
