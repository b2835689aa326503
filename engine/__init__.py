"""A reusable BPMN runtime on SpiffWorkflow: no Flask, no car."""
