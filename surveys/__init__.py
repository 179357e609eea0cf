"""The one question: who is asked, what they answered, what the shop learns; and testimonials."""
