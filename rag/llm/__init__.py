"""Answers worded by a language model, from the same evidence and under the same checks."""
