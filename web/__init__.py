"""What a person sees: Gradio blocks over a Pipeline."""
