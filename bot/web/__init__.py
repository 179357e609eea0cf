"""What every request to the web process passes: LINE's webhook, health checks, rate limits, request cleaning.
The pages are left to `console/`, `rewards/`, `surveys/` and `customers/`."""
