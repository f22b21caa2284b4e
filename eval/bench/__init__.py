"""How fast and how small it is, beside what a user would pick instead: python -m eval.bench."""
