"""Human tasks: forms and who may do what."""
