"""LINE's Messaging API and Login: messages built and limited, calls made, what a button carries."""
