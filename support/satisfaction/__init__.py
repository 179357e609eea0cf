"""「対応はいかがでしたか？」: asked when a ticket is resolved, rated, commented."""
