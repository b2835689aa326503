"""The staff slice: people, rights, absences, signing in."""
