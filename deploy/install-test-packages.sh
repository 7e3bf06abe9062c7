#!/bin/sh
# Installs what the browser tests need from the system: Chromium, and a font with Vietnamese letters. Nothing else needs it.
# Only on Debian and its kin, and only as root; elsewhere it says so and changes nothing: the browser tests then skip and say why.
set -eu

say() { echo "install-test-packages: $*"; }

wanted=""
command -v chromium >/dev/null 2>&1 || wanted="chromium"
fc-list :lang=vi 2>/dev/null | grep -q . || wanted="$wanted fonts-dejavu-core fontconfig"

if [ -z "$wanted" ]; then
    say "Chromium and a Vietnamese font are there already"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    say "this is not Debian: install by hand what the browser tests need ($wanted); without it they skip"
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    say "not root: run 'apt-get install $wanted' as root for the browser tests; without it they skip"
    exit 0
fi

say "installing $wanted with apt-get (once, some minutes) ..."
export DEBIAN_FRONTEND=noninteractive
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # several names
if apt-get update -q >"$log" 2>&1 && apt-get install -q -y --no-install-recommends $wanted >>"$log" 2>&1; then
    say "done"
else
    tail -n 15 "$log" >&2
    say "apt-get could not install $wanted; the browser tests will skip and say why" >&2
fi
