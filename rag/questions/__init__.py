"""What a question asks: its language, kind, names, metric, period, and the reports it is limited to."""
