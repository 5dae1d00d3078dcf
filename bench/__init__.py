"""Benchmarks: each path of Kassa beside the same rows written or read by raw SQL, on the same database, in the same run."""
