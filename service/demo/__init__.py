"""The demo: a complaint-handling programme with its roster, a finished diagnosis and a wave to answer oneself.

``load`` fills what is missing and leaves alone what is there, so that it may be stopped and started at any moment.
"""

from service.demo.loader import ACCOUNTS, SLUG, DemoLinks, SignIn, load, welcome

__all__ = ["ACCOUNTS", "SLUG", "DemoLinks", "SignIn", "load", "welcome"]
