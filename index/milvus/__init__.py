"""The index on Milvus, behind the same doors as the local one: `RAG_STORE=milvus:URI`.

pymilvus is imported when a Milvus is opened (requirements-milvus.txt).
"""
