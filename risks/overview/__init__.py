"""Pages that look across subjects: home and my work. Reads only."""
