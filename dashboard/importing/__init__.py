"""From the rows of a file to the changes of a book: pure, values in and values out; knows no database and no web."""
