"""How a chunk is found: Chunk → terms and vectors → FAISS and a store on disk → ScoredChunk."""
