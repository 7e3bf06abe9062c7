#!/usr/bin/env python3
"""Exit status 0 if the service of this container answers, whichever it is: on its port for metrics, else on its port for the web."""

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 4


def main() -> int:
    """0 if the process is alive; 1 if not, with the reason on standard error."""
    port = os.environ.get("TIENDO_METRICS_PORT") or os.environ.get("TIENDO_PORT") or "8080"
    asking = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with asking.open(f"http://127.0.0.1:{port}/healthz", timeout=TIMEOUT_SECONDS):
            return 0
    except (OSError, urllib.error.URLError) as error:
        sys.stderr.write(f"no answer on port {port}: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
