"""The product in a browser: Chromium against the running application."""
