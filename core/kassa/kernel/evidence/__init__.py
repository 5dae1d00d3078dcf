"""Evidence: the hash chain of each register, anchors of it outside, and the whole story of a document as one file."""
