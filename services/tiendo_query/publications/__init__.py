"""Monthly lists: drafted, opened to explanations, approved, published, corrected, withdrawn (CONTRACT, publications)."""
