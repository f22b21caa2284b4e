"""Trust, measured: crashes, damage, hostile files and questions under change; docs/promises.md."""
