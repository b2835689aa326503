"""Tests of the log: seals, digests, exports, reading."""
