"""FEEL, the only expression language of diagrams, tables and forms."""
