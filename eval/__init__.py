"""How good the answers are: cases × pipeline → metrics → report."""
