"""The foundation of the domains: LINE's API, the database, the queues of events and messages, settings.
Surveys, points and tickets are left to the packages above."""
