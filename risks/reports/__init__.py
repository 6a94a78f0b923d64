"""What leaves the register in one piece: exports made by a worker."""
