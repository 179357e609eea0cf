"""What is said and promised to somebody in danger, hurt or angry, and how long they are left in peace."""
