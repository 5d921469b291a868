"""A recipe over shards: local processes, or Dask on more than one machine. Pure tasks, plain files, nothing kept in a worker."""

from elute.engines.base import Engine, Outcome, Task
from elute.engines.run import apply_recipe
from elute.engines.summary import ShardDone, Summary

__all__ = ["Engine", "Outcome", "ShardDone", "Summary", "Task", "apply_recipe"]
