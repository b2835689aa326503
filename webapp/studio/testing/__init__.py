"""The test run: a process or its draft is played in a sandbox, step by step, and kept as a case that must hold."""
