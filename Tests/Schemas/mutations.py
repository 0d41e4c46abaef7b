"""Each place of a document in turn: gone, replaced by each type, doubled, with one key more."""

import copy

REPLACEMENTS = [
    None, True, 0, 1, -1, 2, 3, 1e9, "", "x", "*", "/x", "a/b", [], [""], ["x"], {}, {"x": 1},
]  # fmt: skip


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        children = value.items()
    else:
        children = enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def mutants(document):
    """Pairs of what was done and what came of it."""
    for path in places(document):
        name = "/".join(map(str, path)) or "the document"
        here = at(document, path)
        for replacement in REPLACEMENTS:
            if type(replacement) is type(here) and replacement == here:
                continue
            yield f"{name} = {replacement!r}", replaced(document, path, replacement)
        if path:
            yield f"{name} gone", without(document, path)
        if isinstance(here, dict):
            yield f"{name} with a key more", replaced(document, (*path, "unknown"), 1)
        if isinstance(here, list) and here:
            yield f"{name} with its first twice", replaced(document, path, [*here, here[0]])


def replaced(document, path, value):
    if not path:
        return value
    document = copy.deepcopy(document)
    at(document, path[:-1])[path[-1]] = value
    return document


def without(document, path):
    document = copy.deepcopy(document)
    del at(document, path[:-1])[path[-1]]
    return document
