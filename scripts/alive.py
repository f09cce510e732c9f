"""Ends with 1 unless the web server of this container answers. It asks for nothing more."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def main() -> int:
    port = os.environ.get("BIND", "").rpartition(":")[2] or os.environ.get("PORT") or "8000"
    # The site answers to its own name alone.
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or f"127.0.0.1:{port}"
    request = urllib.request.Request(
        f"http://127.0.0.1:{int(port)}/health/live", headers={"Host": host}
    )
    try:
        with urllib.request.urlopen(request, timeout=4):  # noqa: S310
            return 0
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
