"""What is said: statements, lists, comparisons and summaries, each with the evidence that carries it."""
