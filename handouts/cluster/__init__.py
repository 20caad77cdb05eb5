"""Many machines: jobs go to the workers of a dask scheduler, and come back as on one."""
