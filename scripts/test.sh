#!/usr/bin/env bash
# Every check and test. With CI=true nothing may be left out: what is missing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$PWD/.venv/bin
left_out=()
failed=0

step() { printf '\n== %s\n' "$1"; }
recipe() { make --no-print-directory "$@"; }
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
apt_install() { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$@" >/dev/null; }
leave_out() {
  [ "${CI:-}" != true ] || { echo "$1"; exit 1; }
  left_out+=("$1")
}

step "Tools: a browser, kramdown, PostgreSQL"
browser=""
find_browser() {
  for name in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
    [ -n "$name" ] && browser=$(command -v "$name") && return 0
  done
  browser=$("$bin/python" - <<'PY'
from playwright.sync_api import sync_playwright
from pathlib import Path
with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
print(path if Path(path).exists() else "")
PY
  )
  [ -n "$browser" ]
}
# The shell is the same browser without its windows: it needs half the time.
if [ -z "${CHROMIUM:-}" ] && may_install && ! command -v chromium-headless-shell >/dev/null; then
  apt_install chromium-headless-shell || true
fi
if ! find_browser; then
  if may_install; then apt_install chromium || true
  else timeout 300 "$bin/playwright" install chromium >/dev/null 2>&1 || true; fi
  find_browser || leave_out "The journeys in a real browser: install Chromium (Debian: apt-get install chromium)."
fi
echo "Browser: ${browser:-none}"

has_kramdown() { ruby -e 'require "kramdown"' 2>/dev/null; }
has_kramdown || { may_install && apt_install ruby-kramdown; } || true
has_kramdown || leave_out "What GOV.UK reads of our Govspeak: install kramdown (Debian: apt-get install ruby-kramdown)."

cluster=""
logs=$(mktemp -d)
stop_cluster() {
  [ -z "$cluster" ] || { su postgres -c "$pg/pg_ctl -D $cluster -m immediate stop" >/dev/null 2>&1 || true; rm -rf "$cluster"; }
}
trap 'stop_cluster; rm -rf "$logs"' EXIT
answers() { "$bin/python" -c 'import sys, psycopg; psycopg.connect(sys.argv[1], connect_timeout=3).close()' "$1" 2>/dev/null; }
database=${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}
if ! answers "$database"; then
  database=""
  if may_install && [ -z "${TEST_DATABASE_URL:-}" ]; then
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || apt_install postgresql || true
    pg=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1)")
    cluster=$(mktemp -d) && chown postgres "$cluster"
    su postgres -c "$pg/initdb -A trust -U postgres -D $cluster" >/dev/null
    su postgres -c "$pg/pg_ctl -D $cluster -w -l $cluster/log -o '-p 54329 -k $cluster -c listen_addresses=127.0.0.1' start" >/dev/null
    database=postgres://postgres@127.0.0.1:54329/postgres
    answers "$database" || database=""
  fi
  [ -n "$database" ] || leave_out "The tests on PostgreSQL: install and start it (Debian: apt-get install postgresql), or name one in TEST_DATABASE_URL."
fi
echo "PostgreSQL: ${database:-none}"

# Side by side, for each waits for processes more than it computes. What meets the same code on both
# engines runs on one where there are two: plain functions, what comes in from outside, and who may
# see what.
elsewhere=""
another_layout=tests/regions/test_packaged.py::test_a_site_with_a_package_of_another_layout_starts_and_says_so
if [ -n "$database" ]; then
  elsewhere=--ignore=tests/hostile
  TEST_SUITE_DATABASE_URL=${database%/*}/rpec "$bin/python" -m pytest -q -m "not browser" \
    --only-with-database --ignore=tests/contact/test_access_matrix.py \
    --ignore=tests/site/test_openapi.py --deselect="$another_layout" > "$logs/3-postgresql" 2>&1 &
  on_postgresql=$!
fi
step "Lint, format, templates, arrows, types, migrations, deployment settings"
recipe check || { [ -z "$database" ] || kill "$on_postgresql"; exit 1; }
recipe quick ARGS="-q $elsewhere" > "$logs/2-sqlite" 2>&1 &
on_sqlite=$!
if [ -n "$browser" ]; then
  step "Journeys in a real browser"
  CHROMIUM=$browser "$bin/python" -m pytest -q -m browser | tee "$logs/1-journeys" || failed=1
fi
step "Tests on SQLite"
wait "$on_sqlite" || failed=1
cat "$logs/2-sqlite"
if [ -n "$database" ]; then
  step "Tests on PostgreSQL"
  wait "$on_postgresql" || failed=1
  cat "$logs/3-postgresql"
fi
if [ ${#left_out[@]} -gt 0 ]; then
  printf '\nLeft out:\n'
  printf -- '- %s\n' "${left_out[@]}"
fi
step "All in all: journeys, SQLite, PostgreSQL, each where it ran"
# Pytest's own closing lines, and nothing after them: that is where people and programs look.
for log in "$logs"/*; do grep -E ' in [0-9.]+s( \(|$)' "$log" | tail -n 1 || failed=1; done
exit "$failed"
