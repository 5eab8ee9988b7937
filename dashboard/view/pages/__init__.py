"""The pages, one noun a file: each a function of what a service answered."""
