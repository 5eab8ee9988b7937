"""The ids that callbacks and stylesheets name, once."""

from __future__ import annotations

URL = "url"
REDIRECT = "auth-redirect"
VIEW = "view"
REVISION = "revision"
THEME = "theme"
ACTION = "action"
TOAST = "toast"
PAGE = "page"
SIDEBAR = "sidebar-accounts"
DRAWER = "drawer"
DOWNLOAD = "download"
UPLOAD = "upload"
DONUT = "donut"
BARS = "bars"
GAUGE = "gauge"
