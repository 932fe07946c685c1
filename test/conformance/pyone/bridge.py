"""
Makes calls by pyone for a program in another language: reads a call a line from standard input, writes an outcome a line
to standard output, both in JSON, until the input ends.

    {"session": "user:password", "method": "host.info", "params": [0]}
    {"value": 0} | {"document": {...}, "type": "HOST", "unbound": []} | {"exception": "OneNoExistsException", "message": "..."}

A document is shown as pyone's bindings hold it: numbers are numbers, what may repeat is a list, templates are dictionaries.
`unbound` names the elements that came in but that the bindings have no place for.
"""

import json
import sys

import pyone
from pyone.bindings.supbind import GeneratedsSuper

ENDPOINT = sys.argv[1]


def main():
    servers = {}
    for line in sys.stdin:
        call = json.loads(line)
        session = call["session"]
        if session not in servers:
            servers[session] = pyone.OneServer(ENDPOINT, session=session)
        print(json.dumps(outcome(servers[session], call["method"], call["params"])), flush=True)


def outcome(server, method, params):
    try:
        function = server
        for part in method.split("."):
            function = getattr(function, part)
        return shown(function(*params))
    except Exception as error:
        return {"exception": type(error).__name__, "message": str(error)}


def shown(value):
    if not isinstance(value, GeneratedsSuper):
        return {"value": value}
    unbound = []
    document = fields(value, value.gds_elementtree_node_.tag, unbound)
    return {"document": document, "type": value.gds_elementtree_node_.tag, "unbound": unbound}


def fields(bound, path, unbound):
    """What a bound object holds; what its element holds beside that is added to `unbound`."""
    held = {name: value for name, value in vars(bound).items() if is_field(name)}
    for child in bound.gds_elementtree_node_:
        if child.tag not in held:
            unbound.append(f"{path}/{child.tag}")
    return {name: plain(value, f"{path}/{name}", unbound) for name, value in held.items() if value is not None}


def is_field(name):
    return name.isupper()


def plain(value, path, unbound):
    if isinstance(value, GeneratedsSuper):
        return fields(value, path, unbound)
    if isinstance(value, list):
        return [plain(item, path, unbound) for item in value]
    return value


main()
