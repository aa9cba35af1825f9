"""Bring the style sheet, script and icons of nhsuk-frontend into the package: run after a new version, and commit what it writes.

They are of NHS.UK frontend, MIT licence. Left out: the NHS logo and the Frutiger font, which only NHS services may use, and
all that is for building it. `tar` and `npm` fetch; the package is checked against the hash given here.
"""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "10.6.1"
SHA512 = "PZorqQZjZx/A26yJoskCL9z0ib6AtkAyF0o4K/RHr8zRrJyXrUOCnMbjy0VNXsGO4tfTNMwqlkwATKs4a0xayw=="
TO = Path(__file__).parents[1] / "src/gpcontract/web/static/nhsuk"
DIST = "package/dist/nhsuk"
ICONS = ("arrow-down", "arrow-up", "arrow-up-down", "cross")
LICENCE = """NHS.UK frontend {version}, https://github.com/nhsuk/nhsuk-frontend

The MIT License (MIT)

Copyright (c) 2019 NHS.UK

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.

Changed here: the rules that load the Frutiger font are removed, and the addresses of icons are relative.
"""


def main() -> None:
    """Fetch, check and write."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", f"nhsuk-frontend@{VERSION}", "--silent"],
            cwd=folder, check=True, capture_output=True, text=True,
        )  # fmt: skip
        path = Path(folder) / packed.stdout.split()[-1]
        found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        if found != SHA512:
            sys.exit(f"nhsuk-frontend {VERSION} has the hash {found}, not the one expected")
        TO.mkdir(parents=True, exist_ok=True)
        with tarfile.open(path) as tar:

            def read(name: str) -> str:
                held = tar.extractfile(f"{DIST}/{name}")
                assert held is not None, name
                return held.read().decode("utf-8")

            css = re.sub(r"@font-face\{[^}]*\}", "", read("nhsuk-frontend.min.css"))
            css = re.sub(r"\n?/\*# sourceMappingURL=.*?\*/", "", css).replace("/assets/images/", "")
            (TO / "nhsuk-frontend.min.css").write_text(css, encoding="utf-8")
            script = re.sub(r"\n?//# sourceMappingURL=.*", "", read("nhsuk-frontend.min.js"))
            (TO / "nhsuk-frontend.min.js").write_text(script, encoding="utf-8")
            for icon in ICONS:
                (TO / f"nhsuk-icon-{icon}.svg").write_text(
                    read(f"assets/images/nhsuk-icon-{icon}.svg"), encoding="utf-8"
                )
        (TO / "LICENCE.txt").write_text(LICENCE.format(version=VERSION), encoding="utf-8")
        left = re.findall(r"https?://[^\s)\"']+", css)
        print(
            f"wrote nhsuk-frontend {VERSION} to {TO}; addresses of other hosts left in the style sheet: {left or 'none'}"
        )


if __name__ == "__main__":
    main()
