"""Training exams: items, papers, sitting, marking. Pure: ``now`` and ``seed`` are arguments."""
