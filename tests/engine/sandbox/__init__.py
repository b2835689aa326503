"""Tests of playing a process without consequences."""
