"""Chromium against a running application: what only a browser can show."""
