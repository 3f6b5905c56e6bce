"""``python -m service``: the same as ``wenheng``."""

from service.cli import main

main()
