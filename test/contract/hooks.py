"""Real pictures, known names and known cursors for what schemathesis generates.

A value that only this server can know (the id of an item, a cursor, a picture that decodes) cannot be had from a schema. Where a
request is meant to be valid it gets some of those that the run was seeded with, which KINDRED_CONTRACT_SEED names; where it
is meant to be wrong it stays as it is, except that it names what exists, so that what is wrong with it is reached.
"""

import base64
import itertools
import json
import os
import re
import zlib
from pathlib import Path

import schemathesis
from hypothesis import strategies as st
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase

SEED = json.loads(Path(os.environ["KINDRED_CONTRACT_SEED"]).read_text())
PICTURES = [Path(name).read_bytes() for name in SEED["pictures"]]
SNAPSHOT = Path(SEED["snapshotFile"]).read_bytes()
CATALOGUE = Path(SEED["catalogue"]).read_bytes()

REQUESTS = itertools.count()
# Items that no other request touches: whoever takes one has its true ETag, which a write that is done uses up.
TAGGED = iter(SEED["tagged"])
# The writes that take a condition on their item.
CONDITIONAL = {"putItem", "patchItem", "deleteItem"}
CONDITIONS = ("If-Match", "If-None-Match")
# RFC 9110, section 8.8.3, as the contract has it.
ENTITY_TAG = r'(W/)?"[!#-~\x80-\xff]*"'
ENTITY_TAGS = re.compile(rf"[ \t]*(\*|{ENTITY_TAG}([ \t]*,[ \t]*{ENTITY_TAG})*)[ \t]*")

# Of the operations whose success takes away what the others need: they get names that nothing else has.
TAKES_AWAY = {"deleteCollection", "deleteAlias", "deleteSnapshot"}
# Of the operations that change what a collection is made of.
REPLACES = {"createRestore", "createReindex", "rollBackCollection", "deletePrevious", "putSnapshot"}

schemathesis.openapi.format("binary", st.sampled_from(PICTURES))


def pick(choices, by):
    """One of the choices, always the same by the same value, which may be one of them."""
    return by if by in choices else choices[zlib.crc32(repr(by).encode()) % len(choices)]


def within(most, text):
    """Its length counts in bytes, which no schema can say."""
    return text.encode()[:most].decode(errors="ignore")


@schemathesis.hook
def map_case(context, case):
    adapt(case)
    # It stays what it is, valid or not: of a body that holds bytes schemathesis could not tell any more.
    case.freeze_metadata()
    return case


@schemathesis.hook
def before_call(context, case, kwargs):
    # Examples of the contract pass by map_case.
    if case.meta is not None and case.meta.phase.name == TestPhase.EXAMPLES:
        adapt(case)
    # A case can be sent again with other names, and then it is another request; and one that was made with a wrong name is
    # valid with that of a link.
    if case.meta is not None and not case.meta.is_negative_at(ParameterLocation.HEADER) and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"contract-{next(REQUESTS)}"


@schemathesis.check
def malformed_header_is_named(ctx, response, case):
    """A condition that is no entity tag is refused with 400 and its name, before anything is looked for."""
    meta = case.meta
    # Not of the methods that a path does not have, which are tried as well.
    written = case.method.upper() in ("PUT", "PATCH", "DELETE")
    if case.operation.definition.raw.get("operationId") not in CONDITIONAL or meta is None or not written:
        return
    wrong = [name for name in CONDITIONS if not ENTITY_TAGS.fullmatch(str(case.headers.get(name, "*")))]
    # Those are said first, and so is who may not ask, and what nobody may.
    first = meta.is_negative_at(ParameterLocation.PATH) or meta.is_negative_at(ParameterLocation.QUERY)
    if not wrong or first or response.status_code in (401, 403, 405):
        return
    assert response.status_code == 400, f"{wrong} is no entity tag, and is answered with {response.status_code}"
    field = response.json().get("field")
    # Of several wrong headers the first is named.
    assert field in [*wrong, "Idempotency-Key"], f"400 names {field!r}, and no entity tag is in {wrong}"


def adapt(case):
    if case.meta is None:
        return
    operation = case.operation.definition.raw.get("operationId")
    valid = not case.meta.generation.mode.is_negative
    stateful = case.meta.phase.name == TestPhase.STATEFUL
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        name_known(operation, case.path_parameters, stateful)
    if not valid:
        return
    make_headers_valid(operation, case, stateful)
    make_query_valid(operation, case, stateful)
    if isinstance(case.body, dict):
        make_body_valid(operation, case.body, case.media_type)
        if stateful and operation in ("putItem", "search"):
            without_embeddings(case.body)
    elif operation == "putSnapshot":
        case.body = SNAPSHOT
        case.meta.clear_dirty(ParameterLocation.BODY)


def make_headers_valid(operation, case, stateful):
    headers = case.headers
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = f"contract-{next(REQUESTS)}"
    if "If-None-Match" in headers and case.method.upper() == "GET":
        headers["If-None-Match"] = '"another"'
    if operation in CONDITIONAL:
        for name in CONDITIONS:
            if name in headers:
                make_condition(case, name, stateful)


def make_condition(case, name, stateful):
    """Of every four conditions one stays as it was generated; the others know an item, which is there."""
    generated = case.headers[name]
    # What covers a parameter's values has a 0 in the place of what it cannot make by a pattern.
    if not ENTITY_TAGS.fullmatch(generated):
        case.headers[name] = '"0"'
    # By its text, so that the same request is always the same.
    kind = zlib.crc32(generated.encode()) % 4
    tagged = next(TAGGED, None) if kind > 0 and not stateful else None
    if tagged is None:
        return
    case.path_parameters.update(collection=SEED["collections"][0], id=tagged["id"])
    true = tagged["etag"]
    case.headers[name] = {1: true, 2: "*", 3: f'"another", W/"weak" ,{true}'}[kind]


def make_query_valid(operation, case, stateful):
    query = case.query
    if "cursor" in query:
        # A cursor belongs to one listing, and only some of those here have a second page.
        cursor = None if stateful else SEED["cursors"].get(operation)
        query.pop("cursor") if cursor is None else query.update(cursor=cursor)
        if operation == "listJobErrors":
            case.path_parameters["job"] = SEED["jobs"][0]
        if operation == "listItems":
            query.pop("filter", None)
    if "filter" in query:
        query["filter"] = json.dumps(pick(SEED["filters"], query["filter"]))
    if "model" in query:
        query["model"] = pick(SEED["models"], query["model"])


def name_known(operation, path, stateful):
    """Puts names that exist into the path; what a stateful run has from an earlier answer stays."""
    if operation in TAKES_AWAY:
        name = "collection" if operation == "deleteCollection" else "alias" if operation == "deleteAlias" else "snapshot"
        if path.get(name) in SEED["collections"] + SEED["aliases"] + SEED["snapshots"]:
            path[name] = "doomed"
        if operation != "deleteSnapshot":
            return
    elif stateful:
        return
    if "collection" in path and operation != "putCollection":
        kind = "replaced" if operation in REPLACES else "collections"
        path["collection"] = pick(SEED[kind], path["collection"])
    if "id" in path and operation not in ("putItem", "deleteItem"):
        path["id"] = pick(SEED["items"], path["id"])
    if "job" in path:
        path["job"] = pick(SEED["jobs"], path["job"])
    if "snapshot" in path and operation == "getSnapshot":
        path["snapshot"] = pick(SEED["snapshots"], path["snapshot"])
    if "alias" in path and operation == "getAlias":
        path["alias"] = pick(SEED["aliases"], path["alias"])
    if "model" in path:
        path["model"] = pick(SEED["models"], path["model"])
    if "id" in path:
        path["id"] = within(512, path["id"])


def make_body_valid(operation, body, media_type):
    """Puts right, in a body that its schema takes, what no schema can say."""
    multipart = media_type == "multipart/form-data"
    if operation == "createImport" and multipart:
        body["file"] = CATALOGUE
    elif operation == "createImport":
        body["path"] = SEED["catalogue"]
        body.pop("ids", None)
    elif operation == "putAlias":
        body["collection"] = pick(SEED["collections"], body["collection"])
    elif operation == "createRestore":
        body["snapshot"] = pick(SEED["snapshots"], body["snapshot"])
        if "into" in body:
            body["into"] = "restored"
    elif operation == "createReindex":
        body["model"] = pick(SEED["models"], body["model"])
    elif operation == "putCollection":
        make_spec(body)
    elif operation == "embed" and not multipart:
        body["base64"] = [base64_picture(one) for one in body["base64"]]
    elif operation == "search":
        make_example(body)
        make_search(body)
    elif operation == "putItem":
        make_example(body)
    elif operation == "deleteItems" and "filter" in body:
        body["filter"] = {"colour": {"eq": "none"}}
    if "metadata" in body:
        body["metadata"] = make_metadata(body["metadata"])
    if isinstance(body.get("group"), str):
        body["group"] = within(512, body["group"])


def make_spec(body):
    if "fields" in body:
        body["fields"] = {within(128, name): kind for name, kind in body["fields"].items()}
    if isinstance(body.get("model"), str):
        body["model"] = pick(SEED["models"], body["model"])
        # It has its own.
        body.pop("dimensions", None)
    elif "dimensions" not in body:
        # null needs dimensions beside it.
        body.pop("model", None)


def base64_picture(by):
    return base64.b64encode(pick(PICTURES, by)).decode()


def make_example(body):
    """What is looked for, or an item is made from."""
    if "base64" in body:
        body["base64"] = base64_picture(body["base64"])
    if "embedding" in body:
        body["embedding"] = pick(SEED["embeddings"], body["embedding"])
    if "itemId" in body:
        body["itemId"] = pick(SEED["items"], body["itemId"])


def without_embeddings(body):
    """Pictures in their place: the collection is one that the run made, of any dimensions."""
    for example in [body, *body.get("positive", []), *body.get("negative", [])]:
        if "embedding" in example:
            example["base64"] = base64_picture(example.pop("embedding"))


def make_search(body):
    """Options that go with each other, as the contract's descriptions say."""
    for side in ("positive", "negative"):
        if side in body:
            body[side] = body[side][:20]
            for example in body[side]:
                make_example(example)
    if "cursor" in body:
        # It belongs to one query, with everything that it asked for.
        body.pop("cursor")
    if "filter" in body:
        body["filter"] = pick(SEED["filters"], body["filter"])
    if "groupBy" in body:
        body["groupBy"] = pick(["group", "colour"], body["groupBy"])
    if "crop" in body:
        if "image" in body or "base64" in body:
            body["crop"] = pick([[0, 0, 1, 1], [0.25, 0, 0.75, 0.5]], body["crop"])
        else:
            body.pop("crop")
    refined = any(option in body for option in ("collapse", "rerank", "diversity"))
    if not refined:
        body.pop("candidates", None)
    if refined or "include" in body:
        body["k"] = min(body.get("k", 10), 100)
        body["groupSize"] = min(body.get("groupSize", 3), 5)
    if "candidates" in body:
        body["candidates"] = max(body["candidates"], body["k"])


def make_metadata(metadata):
    """A field keeps the type of its first value, and a list has one type: names say which."""
    made = {}
    for name, value in list(metadata.items())[:20]:
        if isinstance(value, list):
            value = [one for one in value if type(one) is type(value[0])]
        kind = type(value[0] if isinstance(value, list) and value else value).__name__
        made[f"{kind} {zlib.crc32(name.encode()) % 20}"] = value
    return made
