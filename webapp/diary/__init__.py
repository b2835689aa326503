"""My day, the calendar and the notifications: what waits for a person, and how he hears of it."""
