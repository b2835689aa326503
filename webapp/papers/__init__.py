"""Papers: numbers without gaps, versioned templates, and printed papers that stay as they were."""
