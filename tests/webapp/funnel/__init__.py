"""The funnel page: figures, links, filters, rights, export, command line."""
