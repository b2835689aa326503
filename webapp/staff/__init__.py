"""People of the dealer: centres, roles, rights, absences, signing in."""
