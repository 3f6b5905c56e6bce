"""Statistics as pure functions of numbers: each gives an Estimate, none knows of questionnaires or thresholds."""
