"""Lets `python -m kg` stand for the command `kg`."""

from kg.cli import main

if __name__ == "__main__":
    main()
