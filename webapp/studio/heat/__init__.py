"""The heat map: a drawing coloured by what its steps cost, alone or beside another period or person."""
