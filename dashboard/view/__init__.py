"""Data in, components and figures out. Pure: no database, no session, no Flask."""
