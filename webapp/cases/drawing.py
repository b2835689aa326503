"""A drawing as its reader should see it: labels in his language."""

from lxml import etree

from engine.definitions.xml import NAMESPACES, read_xml


def localize(xml: str, language: str) -> str:
    """Put each element's `name.<language>` property in the place of its name, where there is one."""
    root = read_xml(xml.encode())
    wanted = f"name.{language}"
    for item in root.iterfind(".//zeebe:property", NAMESPACES):
        if item.get("name") == wanted:
            owner = item.getparent().getparent().getparent()  # type: ignore[union-attr]  # properties, extension, element
            if owner is not None:
                owner.set("name", item.get("value", ""))
    return etree.tostring(root, encoding="unicode")
