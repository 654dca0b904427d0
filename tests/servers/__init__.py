"""Real stores on loopback: each file starts one, and the tests beside them hold all of them to one contract."""
