"""The session: decisions, rounds, the analyst, suggestions and papers in one object, which knows no Jupyter.

``session.py`` makes it. Beside it, each in its own file, is what a session does; what more than sessions need is in the rooms below.
"""

from elute.session.session import Session, live

__all__ = ["Session", "live"]
