"""Files as tables: by the ending of the name, with the encoding found out, and every line that could not be read counted."""

from elute.reading.as_written import arrow_of, lines_of
from elute.reading.guess import Columns, guess
from elute.reading.read import read
from elute.reading.reading import Reading

__all__ = ["Columns", "Reading", "arrow_of", "guess", "lines_of", "read"]
