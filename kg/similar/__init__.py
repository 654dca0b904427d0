"""Trials by their facets → which are alike, and why: scores that are sums of named contributions."""
