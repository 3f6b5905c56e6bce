"""The statistical methods of ``wenheng stats``: each reads columns and calls one function of ``surveys.statistics``."""
