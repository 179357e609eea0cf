"""Pictures and other files that customers send: cleaned of metadata, drawn anew, stored on disk or in a bucket."""
