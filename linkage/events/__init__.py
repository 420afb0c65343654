"""The door: other people's files become checked tables, every row accepted or quarantined with a reason."""

from linkage.events.read import examine_source, read_source
from linkage.events.reading import FileRead, Problem, Reading

__all__ = ["FileRead", "Problem", "Reading", "examine_source", "read_source"]
