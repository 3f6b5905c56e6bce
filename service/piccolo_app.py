"""Tells Piccolo's migration runner where the tables and the migrations are."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from service.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="wenheng",
    migrations_folder_path=Path(__file__).resolve().parent.parent / "migrations",
    table_classes=list(TABLES),
)
