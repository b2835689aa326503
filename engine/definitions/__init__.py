"""Published definitions: versions, parsing, checks, deployment."""
