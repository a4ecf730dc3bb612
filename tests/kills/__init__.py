"""The process dies at random moments of the six incidents, and nothing is lost (design.md §2d)."""
