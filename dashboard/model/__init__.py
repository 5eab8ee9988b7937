"""What is stored: tables, the database they live in, the one writer, and the queries that read them."""
