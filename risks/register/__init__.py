"""The register: risks, ratings, the heatmap, treatment."""
