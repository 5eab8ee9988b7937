"""SQL in, small DataFrames with declared columns out. Every query names the book it reads."""
