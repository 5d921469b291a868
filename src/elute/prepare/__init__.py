"""Step 0: text made clean on a working copy, by what the settings clean everywhere and by edits of single rows."""

from elute.prepare.prepare import Prepare, Prepared, StepCount, prepare

__all__ = ["Prepare", "Prepared", "StepCount", "prepare"]
