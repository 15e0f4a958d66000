"""HiGHS as it is used here: silent, on one thread and with the same seed, so that the same event gives the same plan."""

from __future__ import annotations

import highspy


class QuietSolver(highspy.Highs):
    """A solver for linear programmes, and for those in whole numbers."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.setOptionValue("threads", 1)
        self.setOptionValue("parallel", "off")
        for kind in ("primal_feasibility", "dual_feasibility", "mip_feasibility"):
            self.setOptionValue(f"{kind}_tolerance", 1e-9)
        self.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def enableCallbacks(self) -> None:  # noqa: N802
        """No callback is used here. Called while it is made: setting one up would print a line about the solver."""
        self.silent()
