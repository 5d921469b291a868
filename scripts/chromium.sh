#!/usr/bin/env bash
# A Chromium for the browser tests: one that is here, else Playwright's, else the distribution's.
set -u
for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v $name >/dev/null && exit 0; done
ls "$HOME"/.cache/ms-playwright/chromium*/chrome-linux*/chrome >/dev/null 2>&1 && exit 0
timeout 300 .venv/bin/python -m playwright install chromium >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null; then
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq chromium >/dev/null && exit 0
fi
echo "No Chromium was found or could be installed: install Chromium or Chrome, then run make test again."
exit 2
