"""The reader of tables: what the columns of a table without a standard mean."""
