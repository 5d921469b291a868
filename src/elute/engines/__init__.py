"""A recipe over shards: local processes, or Dask on more than one machine. Pure tasks, plain files, nothing kept in a worker."""
