"""The command group `crossmatch programme`."""

from __future__ import annotations

import typer

from service.cli.programme import adopting, applying, deciding, reporting, rule_files, standing

app = typer.Typer(no_args_is_help=True, help="A programme of incentives: rules, applications, decisions, money, deadlines.")


@app.callback()
def group() -> None:
    """The rules of a programme in force, and applications for its incentives from the match to the payment."""


for command in (rule_files.check, rule_files.example, adopting.adopt, adopting.show, adopting.versions):
    app.command()(command)
app.command("example-applicant")(rule_files.example_applicant)
for applied in (applying.eligible, applying.apply, applying.applications, applying.application):
    app.command()(applied)
for decided in (deciding.assess, deciding.ranking, deciding.grant, deciding.reject, deciding.pay):
    app.command()(decided)
for name, step in deciding.PLAIN_STEPS.items():
    app.command(name)(step)
for standing_now in (standing.ledger, standing.deadlines, reporting.report):
    app.command()(standing_now)
