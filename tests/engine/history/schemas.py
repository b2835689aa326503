"""What the published schemas of XES (IEEE 1849, its XSD) and of OCEL 2.0 (its JSON schema) demand, in our words.

Beyond the schemas: the links of an OCEL file lead to objects that are in it, and types declare what is used.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

ATTRIBUTES = {"string", "date", "int", "float", "boolean", "id", "list"}
NC_NAME = re.compile(r"[A-Za-z_][\w.-]*")
NAME = re.compile(r"[A-Za-z_:][\w.:-]*")
STANDARD = {"concept", "lifecycle", "time", "org"}
TRANSITIONS = {"schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort", "ate_abort"}
TRANSITIONS |= {"complete", "autoskip", "manualskip", "unknown"}


def check_xes(content: bytes) -> Any:
    """Raises AssertionError where the file is not as the standard wants it; answers with its root."""
    log = etree.fromstring(content)
    assert log.tag == "log"
    assert set(log.attrib) <= {"xes.version", "xes.features"}
    assert re.fullmatch(r"\d+(\.\d+)?", log.get("xes.version") or "")
    order = ["extension", "global", "classifier", "attribute", "trace", "event"]
    ranks = [order.index("attribute" if child.tag in ATTRIBUTES else child.tag) for child in log]
    assert ranks == sorted(ranks)
    extensions = {each.get("prefix") for each in log.findall("extension")}
    assert extensions <= STANDARD
    for each in log.findall("extension"):
        assert NC_NAME.fullmatch(each.get("name"))
        assert each.get("uri") == f"http://www.xes-standard.org/{each.get('prefix')}.xesext"
    globally = {each.get("scope"): _attributes(each, extensions) for each in log.findall("global")}
    for classifier in log.findall("classifier"):
        assert NC_NAME.fullmatch(classifier.get("name"))
        assert set(classifier.get("keys").split()) <= globally["event"].keys()
    for trace in log.findall("trace"):
        assert globally["trace"].keys() <= _attributes(trace, extensions).keys()
        tags = [child.tag for child in trace]
        assert tags == sorted(tags, key=lambda tag: tag == "event")
        for event in trace.findall("event"):
            values = _attributes(event, extensions)
            assert globally["event"].keys() <= values.keys()
            assert values["lifecycle:transition"] in TRANSITIONS
    return log


def _attributes(parent: Any, extensions: set[str]) -> Mapping[str, str]:
    values: dict[str, str] = {}
    for child in parent:
        if child.tag in {"event", "trace"}:
            continue
        assert child.tag in ATTRIBUTES
        assert len(child) == 0
        assert set(child.attrib) == {"key", "value"}
        key, value = child.get("key"), child.get("value")
        assert NAME.fullmatch(key)
        assert key not in values
        if ":" in key:
            assert key.partition(":")[0] in extensions
        if child.tag == "date":
            assert datetime.fromisoformat(value).tzinfo is not None
        values[key] = value
    return values


def check_ocel(content: bytes) -> dict[str, Any]:
    """Raises AssertionError where the file is not as the schema wants it; answers with the whole document."""
    log: dict[str, Any] = json.loads(content)
    assert set(log) == {"eventTypes", "objectTypes", "events", "objects"}
    event_types, object_types = _types(log["eventTypes"]), _types(log["objectTypes"])
    ids = [each["id"] for each in log["objects"]]
    assert len(ids) == len(set(ids))
    for event in log["events"]:
        assert set(event) == {"id", "type", "time", "attributes", "relationships"}
        assert datetime.fromisoformat(event["time"]).tzinfo is not None
        assert {each["name"] for each in event["attributes"]} <= event_types[event["type"]]
        assert all(set(each) == {"name", "value"} and _texts(each) for each in event["attributes"])
        assert event["relationships"]
        _links(event, set(ids))
    assert len({event["id"] for event in log["events"]}) == len(log["events"])
    for each in log["objects"]:
        assert set(each) == {"id", "type", "attributes", "relationships"}
        assert {value["name"] for value in each["attributes"]} <= object_types[each["type"]]
        for value in each["attributes"]:
            assert set(value) == {"name", "value", "time"}
            assert _texts(value)
            assert datetime.fromisoformat(value["time"]).tzinfo is not None
        _links(each, set(ids))
    return log


def _types(declared: Any) -> Mapping[str, set[str]]:
    for each in declared:
        assert set(each) == {"name", "attributes"}
        assert all(set(value) == {"name", "type"} and value["type"] == "string" for value in each["attributes"])
    assert len({each["name"] for each in declared}) == len(declared)
    return {each["name"]: {value["name"] for value in each["attributes"]} for each in declared}


def _links(parent: Any, known: set[str]) -> None:
    for link in parent["relationships"]:
        assert set(link) == {"objectId", "qualifier"}
        assert _texts(link)
        assert link["objectId"] in known


def _texts(values: Mapping[str, object]) -> bool:
    return all(isinstance(value, str) for value in values.values())
