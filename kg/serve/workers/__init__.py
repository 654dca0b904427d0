"""Asks → replies by processes that can be killed: the zygote holds the graph and forks workers, which take turns in two lanes."""
