"""A run as one HTML page: charts, changes and every failed case; no outside resource."""
