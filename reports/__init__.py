"""Findings to bytes: PDF documents and the figures that page and paper share. No SQL, no HTTP."""
