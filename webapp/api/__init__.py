"""The interface for other programs: /api/v1, personal tokens, and webhooks that tell what happened."""
