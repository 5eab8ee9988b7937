"""People: who they are, how they sign in, how often that may be tried, and how they leave."""
