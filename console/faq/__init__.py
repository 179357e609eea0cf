"""Where staff edit the FAQ, take it in and out as a file, and learn from what was asked."""
