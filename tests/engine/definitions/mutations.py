"""Files that somebody has damaged: letters changed, elements moved, doubled or lost, values of the wrong kind."""

import copy
import json
import random
from typing import Any

from lxml import etree

PIECES = [
    *"/=#?()[]{}-+*.,\"'<&>aDtx019 я\n\0",
    "..",
    "PT",
    "P1D",
    "null",
    "not(",
    "case.",
    "&amp;",
    "=",
    "R/PT1S",
    "999999999999",
]
ODD: list[Any] = [None, True, 0, -1, 1.5, "", "=1 +", "я", [], [[]], {}, {"key": "x"}, "x" * 5000, 10**30]


def mutated(path: str, text: str, source: random.Random) -> bytes:
    """A damaged copy: by structure mostly, so that more than the reader of XML or JSON is put to the test."""
    if source.random() < 0.15:
        return _letters(text, source).encode("utf-8", errors="surrogatepass")
    for _ in range(source.randint(1, 4)):
        text = _json(text, source) if path.endswith(".form") else _xml(text, source)
    return text.encode()


def _letters(text: str, source: random.Random) -> str:
    for _ in range(source.randint(1, 4)):
        place, act = source.randrange(len(text) + 1), source.random()
        if act < 0.5:
            text = text[:place] + source.choice(PIECES) + text[place:]
        elif act < 0.8:
            text = text[:place] + text[place + source.randint(1, 9) :]
        else:
            text = text[: place + source.randint(1, 40)] + text[place:]
    return text


def _xml(text: str, source: random.Random) -> str:
    root = etree.fromstring(text.encode())
    nodes = [node for node in root.iter() if isinstance(node.tag, str)]
    node, other, act = source.choice(nodes), source.choice(nodes), source.randrange(7)
    parent = node.getparent()
    if act == 0 and parent is not None:
        parent.remove(node)
    elif act == 1 and parent is not None:
        parent.insert(source.randrange(len(parent) + 1), copy.deepcopy(node))
    elif act == 2 and parent is not None and node not in other.iterancestors() and node is not other:
        other.append(node)
    elif act == 3:
        node.tag = other.tag
    elif act == 4 and node.text:
        node.text = _allowed(_letters(node.text, source))
    elif node.attrib:
        name = source.choice(list(node.attrib))
        if act == 5 and other.attrib:
            node.set(name, source.choice(list(other.attrib.values())))
        elif source.random() < 0.2:
            del node.attrib[name]
        else:
            node.set(name, _allowed(_letters(node.get(name), source)))
    return etree.tostring(root, encoding="unicode")


def _allowed(text: str) -> str:
    """Without what no XML may hold; as letters of the file such things are tried by themselves."""
    return text.replace("\0", "")


def _json(text: str, source: random.Random) -> str:
    whole = json.loads(text)
    places = [
        (holder, key)
        for holder in _holders(whole)
        for key in (holder if isinstance(holder, dict) else range(len(holder)))
    ]
    if not places:
        return text
    holder, key = source.choice(places)
    act = source.random()
    if act < 0.25:
        del holder[key]
    elif act < 0.55:
        holder[key] = source.choice(ODD)
    elif act < 0.75:
        other, name = source.choice(places)
        holder[key] = copy.deepcopy(other[name])
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif isinstance(holder[key], str):
        holder[key] = _letters(holder[key], source)
    return json.dumps(whole, ensure_ascii=False)


def _holders(value: Any) -> list[Any]:
    if not isinstance(value, dict | list):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(found for each in inner for found in _holders(each))]
