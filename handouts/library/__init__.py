"""A choice becomes files on disk: plan, jobs, cache, manifest."""
