"""What schemathesis cannot know by itself."""

import json
import os
import re
import zlib

import schemathesis

# The workspace of calls that name none, for a credential that has no workspace of its own.
WORKSPACE = os.environ.get("TESTED_WORKSPACE")
# What the tests stand on, by ID: nobody deletes it under them.
KEPT = set(filter(None, os.environ.get("TESTED_KEPT", "").split(",")))
# What is there to be changed, by the kind of its ID: made-up IDs find nothing, and show nothing but 404.
CHANGED = {name.partition("_")[0]: name for name in os.environ.get("TESTED_CHANGED", "").split(",") if name}
# An ID that the generator made up; those of the service have 32 hexadecimal digits.
MADE_UP = re.compile("([a-z]+)_(?![0-9a-f]{32}$)[0-9A-Za-z]{1,64}")
# How an operation takes it in the query; in a body it is a field.
IN_QUERY = {"$ref": "#/components/parameters/Workspace"}
LARGEST_INDEX = 2**64 - 1


@schemathesis.serializer("application/x-ndjson")
def records(_context, value):
    """Records in lines travel as they are."""
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


@schemathesis.hook
def before_call(_context, case, _arguments):
    # Whoever names an index that is far ahead waits for five seconds, and is rightly told 503.
    index = (case.headers or {}).get("Clean-Min-Index", "")
    if str(index).isdigit() and int(index) <= LARGEST_INDEX:
        case.headers["Clean-Min-Index"] = "1"
    for name, value in (case.path_parameters or {}).items():
        if case.method.upper() != "DELETE":
            case.path_parameters[name] = existing(value)
        elif value in KEPT:
            case.path_parameters[name] = value[:-4] + "0000"
    if WORKSPACE:
        name_workspace(case)


def existing(value):
    """What is there, in three of four cases, where an ID is made up."""
    kind = MADE_UP.fullmatch(str(value))
    if not kind or zlib.crc32(value.encode()) % 4 == 0:
        return value
    return CHANGED.get(kind[1], value)


def name_workspace(case):
    named = case.query or {}
    if IN_QUERY in case.operation.definition.raw.get("parameters", []) and "workspace_id" not in named:
        case.query = {**named, "workspace_id": WORKSPACE}
    is_unnamed = isinstance(case.body, dict) and case.body.get("workspace_id") is None
    if is_unnamed and "workspace_id" in body_fields(case.operation):
        case.body = {**case.body, "workspace_id": WORKSPACE}


def body_fields(operation):
    body = operation.definition.raw.get("requestBody", {}).get("content", {})
    schema = body.get("application/json", {}).get("schema", {})
    named = operation.schema.raw_schema["components"]["schemas"]
    return named.get(schema.get("$ref", "").rpartition("/")[2], schema).get("properties", {})
