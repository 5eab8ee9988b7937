"""DataFrames in, DataFrames out: what the database has summed, shaped. Pure; knows no database and no page."""
