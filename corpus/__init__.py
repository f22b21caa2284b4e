"""What the reports say: files → Document (text, pages, blocks, tables, metadata) → Chunk."""
