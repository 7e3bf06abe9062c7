#!/bin/sh
# Installs what the tests need from the system: Chromium and a font with Vietnamese letters for the pages, Java, Maven and
# OpenSSL for the Kafka broker and Keycloak, docker-compose, which reads deploy/compose.yaml without an engine, nginx and curl for the proxy before the
# service, and with npm the schema of AsyncAPI's own that openapi/asyncapi.json is held to. The product itself needs none of it.
# Only on Debian and its kin, and only as root; elsewhere it says so and changes nothing: those tests then skip and say why.
set -eu

say() { echo "install-test-packages: $*"; }

specifications() {
    cd "$(dirname "$0")/asyncapi" || return
    if [ -d node_modules/@asyncapi/specs ] || ! command -v npm >/dev/null 2>&1; then
        return
    fi
    say "fetching the schema of AsyncAPI with npm (once) ..."
    npm install --no-package-lock --ignore-scripts --no-audit --no-fund --silent ||
        say "npm could not install @asyncapi/specs; the test that needs it will skip and say why" >&2
}

java_is_new_enough() {
    version="$(java -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p')"
    [ "${version:-0}" -ge 17 ]
}

wanted=""
command -v chromium >/dev/null 2>&1 || wanted="$wanted chromium"
fc-list :lang=vi 2>/dev/null | grep -q . || wanted="$wanted fonts-dejavu-core fontconfig"
java_is_new_enough || wanted="$wanted openjdk-17-jre-headless"
command -v mvn >/dev/null 2>&1 || wanted="$wanted maven"
command -v docker-compose >/dev/null 2>&1 || wanted="$wanted docker-compose"
command -v openssl >/dev/null 2>&1 || wanted="$wanted openssl"
command -v npm >/dev/null 2>&1 || wanted="$wanted npm"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || wanted="$wanted nginx"
command -v curl >/dev/null 2>&1 || wanted="$wanted curl"
wanted="${wanted# }"

trap specifications EXIT
if [ -z "$wanted" ]; then
    say "all that the tests need from the system is there already"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    say "this is not Debian: install by hand what the tests need ($wanted); those that lack it skip"
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    say "not root: run 'apt-get install $wanted' as root; the tests that lack it skip"
    exit 0
fi

say "installing $wanted with apt-get (once, some minutes) ..."
export DEBIAN_FRONTEND=noninteractive
log="$(mktemp)"
policy=/usr/sbin/policy-rc.d # while it stands, no service that is installed is started: the tests start nginx for themselves
if [ -e "$policy" ]; then policy=""; else printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; fi
trap 'rm -f "$log" $policy; specifications' EXIT
# shellcheck disable=SC2086 # several names
if apt-get update -q >"$log" 2>&1 && apt-get install -q -y --no-install-recommends $wanted >>"$log" 2>&1; then
    say "done"
else
    tail -n 15 "$log" >&2
    say "apt-get could not install $wanted; the tests that need it will skip and say why" >&2
fi
