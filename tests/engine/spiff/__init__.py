"""Tests of the runtime on SpiffWorkflow."""
