"""The machine: knows LINE and the database, knows nothing of surveys or points."""
