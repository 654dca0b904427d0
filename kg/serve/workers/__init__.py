"""Asks → replies by processes that can be killed: a zygote holds the graph and forks the workers of two lanes."""
