"""Four eyes: a second person looks before a draft goes live that sends, pays or discounts."""
