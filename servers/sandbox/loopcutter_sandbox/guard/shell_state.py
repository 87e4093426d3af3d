"""What a simple command changes for those after it: folder, names, aliases, and the files it has written."""

from collections.abc import Iterator
from dataclasses import replace

from loopcutter_sandbox.guard.decoding import undoes
from loopcutter_sandbox.guard.output import printed
from loopcutter_sandbox.guard.place import HOME, Places
from loopcutter_sandbox.guard.recipes import is_hook
from loopcutter_sandbox.guard.scene import Scene
from loopcutter_sandbox.guard.simple import UNKNOWN, Simple

_WRITERS = ("echo", "printf", "cat", "tee")


def changes(simple: Simple, scene: Scene, places: Places) -> Iterator[str]:
    """Change the scene as `simple` does; the scripts that it thereby leaves to be run: git hooks, bodies of aliases."""
    yield from _written(simple, scene, places)
    match simple.program:
        case "cd" | "pushd" | "chdir":
            target = simple.operands[0] if simple.operands else HOME
            if target == "-":
                target = scene.look_up("OLDPWD")[0]
            scene.enter(UNKNOWN if UNKNOWN in target else places.resolve(target, scene.folder))
        case "popd":
            scene.folder = scene.before.pop() if scene.before else scene.folder
        case "alias":
            for name, sign, body in (word.partition("=") for word in simple.operands):
                if sign:
                    yield body
                    scene.aliases[name] = body
        case "read" | "mapfile" | "readarray":
            fed = (replace(simple, words=("cat",)),) if simple.document is not None else simple.upstream
            values = printed(fed, scene.workspace)
            for name in simple.operands or ("REPLY",):
                scene.variables[name] = values
        case "set" if "--" in simple.arguments:
            scene.call(simple.arguments[simple.arguments.index("--") + 1 :])
        case _:
            return


def _written(simple: Simple, scene: Scene, places: Places) -> Iterator[str]:
    """Note what is written to files, as far as the command says it."""
    targets = [write.path for write in simple.writes] + list(simple.operands if simple.program == "tee" else ())
    decoding = bool(targets) and undoes(simple)
    if not targets or not (decoding or simple.program in _WRITERS):
        return
    source = replace(simple, words=("cat",)) if simple.program == "tee" else simple
    passes_on = decoding or simple.program == "tee" or (simple.program == "cat" and not simple.operands)
    source = source if passes_on else replace(source, upstream=())
    text = "\n".join(printed((source,), scene.workspace))
    for target in targets:
        place = places.resolve(target, simple.folder)
        scene.written[place] = text
        if is_hook(place) and UNKNOWN not in text:
            yield text
        if decoding:
            scene.disguised.add(place)
