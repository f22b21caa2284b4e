"""Files → Document: one reader per format, and what they share."""
