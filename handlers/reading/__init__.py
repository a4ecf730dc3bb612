"""Pure readers of what people type: moments, figures, short answers, the first line of a report."""
