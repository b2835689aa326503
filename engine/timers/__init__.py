"""Everything that happens at a time: due rows, working calendars, reminders."""
