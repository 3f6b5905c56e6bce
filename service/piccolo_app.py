"""Tells Piccolo's migration runner where the tables and the migrations are."""

from __future__ import annotations

from piccolo.conf.apps import AppConfig

from service.database.migrate import APP, FOLDER
from service.tables import TABLES

APP_CONFIG = AppConfig(
    app_name=APP,
    migrations_folder_path=FOLDER,
    table_classes=list(TABLES),
)
