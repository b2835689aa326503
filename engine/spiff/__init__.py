"""The only importer of SpiffWorkflow."""
