"""What reaches the web process: LINE's webhook, health checks, limits for each address, page policy."""
