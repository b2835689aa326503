"""The editor of forms: drawing, how it will look, where it is used."""
