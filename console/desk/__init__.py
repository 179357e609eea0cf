"""Where staff answer: lists of tickets, the chat, what stands beside it, and sending."""
