#!/usr/bin/env bash
# Chromium for the tests in tests/browser, from Debian or Ubuntu's own packages, where that can be had without asking anybody.
# Whatever happens it ends well: without Chromium those tests say that they were skipped, and why.
set -uo pipefail

for name in "${GPCONTRACT_CHROMIUM:-chromium}" chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "No Chromium here: install it (Debian: sudo apt-get install chromium), or the tests in a browser are skipped." >&2
  exit 0
fi
echo "Installing Chromium for the tests in a browser..." >&2
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null 2>&1 ||
  { apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null 2>&1; } ||
  echo "Chromium could not be installed: the tests in a browser are skipped." >&2
exit 0
