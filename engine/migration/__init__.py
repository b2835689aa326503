"""Takes running cases over to another version of their process: plan, verdicts, dry run, batches, undo."""
