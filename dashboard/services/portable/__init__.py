"""What leaves a book and comes back: transactions as CSV, the whole book as JSON."""
