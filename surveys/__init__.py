"""The pure core: questionnaires, answering, scoring, statistics, disclosure. No SQL, no HTTP, no clock."""
