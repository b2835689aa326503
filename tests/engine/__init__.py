"""Tests of the BPMN runtime: no Flask, no car."""
