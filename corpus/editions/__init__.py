"""Documents in the other language: the PO files, and the code that reads, checks and writes them."""
