"""The command line's parts; `python -m dashboard` puts them together."""
