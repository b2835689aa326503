"""The editor of decision tables: drawing, trying out, saved tests."""
