"""`python -m tests.cli.read_by_pm4py`: what `tiendo export` writes, read back by pm4py in an environment of its own.

pm4py is under the AGPL: nothing here imports it, and nothing of it is installed beside tiendo. It is installed anew for each run, so this is
no test of `make test`, but a target of its own and a part of `make nightly`.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

_READ = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pm4py
log = pm4py.read_xes(sys.argv[1])
objects = pm4py.read_ocel2_json(sys.argv[2])
print(json.dumps({
    "xes": [len(log), int(log["case:concept:name"].nunique())],
    "ocel": [len(objects.events), int((objects.objects["ocel:type"] == "case").sum())],
}))
"""


def main() -> None:
    """Ends with status 1 where pm4py counts other events or cases than the log has."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "TIENDO_DATA": str(folder / "data")}
        environment.pop("TIENDO_DATABASE_URL", None)

        def tiendo(*arguments: str) -> str:
            command = [sys.executable, "-m", "tiendo_cli", *arguments]
            return subprocess.run(
                command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
            ).stdout

        loaded = json.loads(tiendo("simulate", "--scale", "0.001", "--load", "--format", "json"))
        tiendo("export", "--format", "xes", "--out", "log.xes")
        tiendo("export", "--format", "ocel", "--out", "log.json")
        venv.create(folder / "pm4py", with_pip=True)
        python = folder / "pm4py/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pm4py"], check=True)
        told = subprocess.run(
            [python, "-c", _READ, "log.xes", "log.json"], cwd=folder, stdout=subprocess.PIPE, text=True, check=True
        ).stdout
        found = json.loads(told.splitlines()[-1])
        expected = [loaded["accepted"], loaded["cases"]]
        if found != {"xes": expected, "ocel": expected}:
            sys.exit(f"the log has {expected} events and cases, pm4py found {found}")
        sys.stdout.write(f"pm4py reads the {expected[0]:,} events of {expected[1]:,} cases from XES and from OCEL\n")


if __name__ == "__main__":
    main()
