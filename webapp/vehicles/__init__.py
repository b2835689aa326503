"""Vehicles: for now the brands and models that customers ask about."""
