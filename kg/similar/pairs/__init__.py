"""A scorer → the nearest of every profile, exactly, without looking at every pair."""
