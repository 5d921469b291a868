"""The widget of the notebook."""
