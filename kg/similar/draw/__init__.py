"""Trials that were compared → pictures: who is like whom, what was tried in what, which diseases are studied alike.

`landscape`, `crossing` and `kinship` say what is shown; `map`, `heatmap` and `dendrogram` draw plain data; `folder` does
both and writes. matplotlib and scipy are needed only here (`pip install "trialkg[plot]"`).
"""
