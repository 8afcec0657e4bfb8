#!/usr/bin/env python3
"""Keeps one plain copy of an Axon Server node in BACKUP_DIR/current.

Each run builds the next tree in the state folder (unchanged closed segments are hard-linked from our own last
tree, never from the server), then swaps it in by rename. The cursors travel inside the tree, in backup.json, so
tree and cursors can never disagree.  To restore: use current/; if there is none, previous/.
"""
import fcntl
import http.client
import json
import os
import re
import shutil
import sys
from os.path import basename, exists, isdir, isfile, join
from urllib.parse import quote, urlencode, urlsplit

SERVER = urlsplit(os.environ["AXONSERVER_URL"])
TOKEN = os.environ.get("AXONSERVER_TOKEN", "")
CONTEXTS = [c for c in os.environ["AXONSERVER_CONTEXTS"].split(",") if c]
GROUPS = [g for g in os.environ["AXONSERVER_REPLICATION_GROUPS"].split(",") if g]
BACKUP, STATE = os.environ["BACKUP_DIR"], os.environ["BACKUP_STATE_DIR"]
CURRENT, PREVIOUS = join(BACKUP, "current"), join(BACKUP, "previous")
STAGE, TRASH = join(STATE, "stage"), join(STATE, "trash")
INDEX_FILE = re.compile(r"\.s?(index|bloom|nindex|xref)$")
NUMBERED = re.compile(r"(\d{20})(_\d{5})?\.")


class Failed(Exception):
    pass


def request(method, path, **query):
    kind = http.client.HTTPSConnection if SERVER.scheme == "https" else http.client.HTTPConnection
    connection = kind(SERVER.hostname, SERVER.port, timeout=20)
    try:
        target = SERVER.path + path + ("?" + urlencode(query) if query else "")
        connection.request(method, target, headers={"AxonIQ-Access-Token": TOKEN} if TOKEN else {})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise Failed(f"{method} {path}: HTTP {answer.status}")
    return body.decode("utf-8")


def file_list(value):
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise Failed("not a list of file names: " + str(value)[:80])
    return list({basename(v): v for v in value}.values())


def copy_control_db_and_logs():
    for _ in range(3):
        shutil.rmtree(STAGE, ignore_errors=True)
        os.makedirs(join(STAGE, "control"))
        zipped = request("POST", "/v1/backup/createControlDbBackup").strip()
        shutil.copy2(zipped, join(STAGE, "control", basename(zipped)))
        try:
            for group in GROUPS:
                copy_log(group, join(STAGE, "log", quote(group, safe="")))
            return
        except FileNotFoundError:
            # Cleaned between listing and copying. What the control database counts on may be gone with it: begin anew.
            continue
    raise Failed("log files keep vanishing")


def copy_log(group, folder):
    os.makedirs(folder)
    for path in file_list(json.loads(request("GET", "/v1/backup/log/filenames", context=group))):
        shutil.copy2(path, join(folder, basename(path)))


def copy_events(context, kind, cursor, old, new):
    query = {"targetContext": context, "type": kind}
    if cursor >= 0:
        query["lastClosedSegmentBackedUp"] = cursor
    answer = json.loads(request("GET", "/v1/backup/eventstore", **query))
    closed = answer["lastClosedSegment"]
    if type(closed) is not int:
        raise Failed("lastClosedSegment is not a number")
    if closed < cursor:
        return copy_events(context, kind, -1, "", new)  # the server was rebuilt: our cursor means nothing to it
    os.makedirs(new)
    for path in file_list(answer["filenames"]):
        try:
            shutil.copy2(path, join(new, basename(path)))
        except FileNotFoundError:
            if not INDEX_FILE.search(path):
                raise
    for name in os.listdir(old) if isdir(old) else []:
        number = NUMBERED.match(name)
        if not exists(join(new, name)) and (number is None or int(number[1]) <= cursor):
            os.link(join(old, name), join(new, name))
    if closed >= 0 and not any(n.startswith(f"{closed:020d}") and not INDEX_FILE.search(n) for n in os.listdir(new)):
        raise Failed(f"{context} {kind}: closed segment {closed} is missing")
    return closed


def main():
    os.makedirs(BACKUP, exist_ok=True)
    os.makedirs(STATE, exist_ok=True)
    lock = open(join(STATE, "lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    for left_over in (STAGE, TRASH):
        shutil.rmtree(left_over, ignore_errors=True)
    if isdir(PREVIOUS) and not isdir(CURRENT):
        os.rename(PREVIOUS, CURRENT)  # a run was killed between its two renames
    nodes = json.loads(os.environ.get("AXONSERVER_NODES") or "[]")
    node = next((n["name"] for n in nodes if n["url"].rstrip("/") == SERVER.geturl().rstrip("/")), SERVER.geturl())
    notes = {}
    if isfile(join(CURRENT, "backup.json")):
        with open(join(CURRENT, "backup.json")) as f:
            notes = json.load(f)
    known = notes["cursors"] if notes.get("node") == node else {}  # boundaries are each node's own

    copy_control_db_and_logs()
    cursors = {}
    for context in CONTEXTS:
        for kind in ("EVENT", "SNAPSHOT"):
            part, key = join("data", quote(context, safe=""), kind), f"{context}/{kind}"
            cursors[key] = copy_events(context, kind, known.get(key, -1), join(CURRENT, part), join(STAGE, part))
    with open(join(STAGE, "backup.json"), "w") as f:
        json.dump({"node": node, "cursors": cursors}, f)

    if isdir(PREVIOUS):
        os.rename(PREVIOUS, TRASH)
    if isdir(CURRENT):
        os.rename(CURRENT, PREVIOUS)
    os.rename(STAGE, CURRENT)
    if isdir(PREVIOUS):
        shutil.rmtree(TRASH, ignore_errors=True)
        os.rename(PREVIOUS, TRASH)
    shutil.rmtree(TRASH, ignore_errors=True)


if __name__ == "__main__":
    try:
        main()
    except (Failed, OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as problem:
        sys.exit(f"backup failed: {type(problem).__name__}: {problem}")
