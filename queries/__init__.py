"""What is asked: one result per .sql file, run in one place."""
