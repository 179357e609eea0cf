"""お客様の声: written, agreed to, judged by staff, published, withdrawn."""
