"""Exports of the log for tools of process mining: XES (IEEE 1849) and OCEL 2.0, written while they are read."""
