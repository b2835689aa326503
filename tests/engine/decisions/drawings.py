"""Small files of decisions, written as Python calls: what dmn-js would save, without the picture."""

from html import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def dmn(*elements: str, namespace: str = "https://example.com/deals", model: str = NAMESPACE) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{model}" id="file" name="Deals" '
        f'namespace="{namespace}">\n' + "\n".join(elements) + "\n</definitions>"
    )


def tag(kind: str, /, *inside: str, **attributes: str) -> str:
    written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items() if value)
    return f"<{kind}{written}>{''.join(inside)}</{kind}>"


def variable(name: str, type_ref: str = "") -> str:
    return tag("variable", name=name, typeRef=type_ref)


def given(name: str, type_ref: str = "") -> str:
    """Input data; its id is the name with underscores."""
    return tag("inputData", variable(name, type_ref), id=id_of(name), name=name)


def id_of(name: str) -> str:
    return "_" + "".join(letter if letter.isalnum() else "_" for letter in name)


def literal(text: str, type_ref: str = "") -> str:
    return tag("literalExpression", tag("text", escape(text)), typeRef=type_ref)


def needs(inputs: tuple[str, ...] = (), decisions: tuple[str, ...] = (), knowledge: tuple[str, ...] = ()) -> str:
    """Requirements by name, or by a whole href when it holds a #."""
    parts = [
        (kind, outer, name)
        for kind, outer, names in (
            ("requiredInput", "informationRequirement", inputs),
            ("requiredDecision", "informationRequirement", decisions),
            ("requiredKnowledge", "knowledgeRequirement", knowledge),
        )
        for name in names
    ]
    return "".join(tag(outer, tag(kind, href=_href(name))) for kind, outer, name in parts)


def _href(name: str) -> str:
    return name if "#" in name else f"#{id_of(name)}"


def decision(name: str, *inside: str, type_ref: str = "") -> str:
    return tag("decision", variable(name, type_ref), *inside, id=id_of(name), name=name)


def knowledge(name: str, parameters: dict[str, str], body: str, *inside: str, type_ref: str = "") -> str:
    formal = "".join(tag("formalParameter", name=parameter, typeRef=kind) for parameter, kind in parameters.items())
    logic = tag("encapsulatedLogic", formal, body)
    return tag("businessKnowledgeModel", variable(name, type_ref), logic, *inside, id=id_of(name), name=name)


def table(
    policy: str,
    inputs: list[str | tuple[str, str]],
    outputs: list[str | tuple[str, str, str]],
    rules: list[tuple[list[str], list[str]]],
    *,
    aggregation: str = "",
    kind: str = "",
) -> str:
    """Inputs are texts or (text, allowed values); outputs names or (name, output values, default)."""
    parts = []
    for column in inputs:
        text, allowed = (column, "") if isinstance(column, str) else column
        values = tag("inputValues", tag("text", escape(allowed))) if allowed else ""
        parts.append(tag("input", tag("inputExpression", tag("text", escape(text)), typeRef=kind), values))
    for output in outputs:
        name, values, default = (output, "", "") if isinstance(output, str) else output
        parts.append(
            tag(
                "output",
                tag("outputValues", tag("text", escape(values))) if values else "",
                tag("defaultOutputEntry", tag("text", escape(default))) if default else "",
                name=name,
            )
        )
    for number, (cells, results) in enumerate(rules, 1):
        cell = "".join(tag("inputEntry", tag("text", escape(text))) for text in cells)
        result = "".join(tag("outputEntry", tag("text", escape(text))) for text in results)
        note = tag("annotationEntry", tag("text", f"rule {number}"))
        parts.append(tag("rule", cell, result, note, id=f"rule_{number}"))
    return tag("decisionTable", *parts, id="table", hitPolicy=policy, aggregation=aggregation)
