"""Pages on campaigns: their list, the editor, the confirmation, progress, people and results."""
