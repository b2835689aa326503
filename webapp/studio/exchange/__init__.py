"""Files in and out: single ones, bundles, element templates, and where a new process begins."""
