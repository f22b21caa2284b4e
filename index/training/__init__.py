"""How the shipped models are made: one script per artefact; README.md has the recipe."""
