"""Working time and officers' minutes by pm4py (AGPL: in an environment of its own): `python pm4py_minutes.py FOLDER` prints a JSON object.

`pairs.ndjson` and `events.ndjson` of the folder are read; rates are of processor time, without reading the files. pm4py has no pauses, no
parties and no finish that is recorded late: of the officers it is asked what its working time can tell, each stretch between two events
put to the officer whom the first one names, and of it what lies after the due.
"""

import json
import sys
import time
from datetime import datetime
from pathlib import Path

import pandas as pd
from pm4py.util.business_hours import soj_time_business_hours_diff

DAY = 24 * 3600
SLOTS = [(on * DAY + begin, on * DAY + end) for on in range(5) for begin, end in ((25200, 41400), (48600, 61200))]
FILES = ("pairs.ndjson", "events.ndjson")
ZONE = "Asia/Ho_Chi_Minh"


def working_time(lines: list[str]) -> dict[str, float]:
    """How many pairs a second, and the minutes of all."""
    pairs = [[datetime.fromisoformat(instant) for instant in json.loads(line)] for line in lines]
    begun = time.process_time()
    minutes = sum(soj_time_business_hours_diff(start, end, SLOTS, None) // 60 for start, end in pairs)
    return {"working time": len(pairs) / (time.process_time() - begun), "pairs' minutes": minutes}


def officers_minutes(lines: list[str]) -> dict[str, float]:
    """How many events a second, and the held and the late minutes of all officers."""
    begun = time.process_time()
    events = [json.loads(line) for line in lines]
    log = pd.DataFrame({
        "key": [(event["source"], event["id"]) for event in events],
        "case": [event["subject"] for event in events],
        "at": pd.to_datetime([event["time"] for event in events], utc=True, format="ISO8601").tz_convert(ZONE),
        "officer": [event["data"].get("holder", {}).get("id") for event in events],
        "due": pd.to_datetime([event["data"].get("due_at") for event in events], utc=True, format="ISO8601").tz_convert(ZONE),
    }).drop_duplicates("key").sort_values(["case", "at"], kind="stable")  # fmt: skip
    log["end"] = log.groupby("case")["at"].shift(-1)
    log["due"] = log.groupby("case")["due"].ffill()
    log = log.dropna(subset=["officer", "end"])
    log["late from"] = log[["at", "due"]].max(axis=1)
    for name, start in (("held", "at"), ("late", "late from")):
        spans = zip(log[start], log["end"], strict=True)
        log[name] = [soj_time_business_hours_diff(begin, end, SLOTS, None) // 60 for begin, end in spans]
    sums = log.groupby("officer")[["held", "late"]].sum()
    took = time.process_time() - begun
    return {"officers": len(events) / took, "held minutes": sums["held"].sum(), "late minutes": sums["late"].sum()}


def main(folder: str) -> dict[str, float]:
    """Both."""
    pairs, events = ((Path(folder) / name).read_text(encoding="utf-8").split("\n")[:-1] for name in FILES)
    return {**working_time(pairs), **officers_minutes(events)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps({name: float(value) for name, value in main(*sys.argv[1:]).items()}))
