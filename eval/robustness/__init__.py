"""What disturbs the assistant: questions typed otherwise, and reports added, renamed, changed."""
