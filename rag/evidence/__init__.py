"""Evidence: what the retrieved chunks offer, how well it answers, and whether it answers at all."""
