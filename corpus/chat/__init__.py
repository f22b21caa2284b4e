"""Language models: which one is set up, how it is asked, how its tokens are counted."""
