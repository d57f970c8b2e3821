"""Figures: one file a figure; frames in, a Plotly figure or an honest `Empty` out."""
