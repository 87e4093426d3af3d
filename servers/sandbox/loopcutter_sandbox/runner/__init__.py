"""What runs inside the sandbox, with the project's own interpreter.

Everything here is standard library only and runs on Python 3.9 and later: the interpreter that has the project's
dependencies knows nothing of Loopcutter. ``start.py`` is the script that is started; it reads one request from its
standard input, lowers its own limits and then runs a command, the tests or a trial of candidate edits. What it finds is
reported over an inherited descriptor (`channel`), never over standard output, which belongs to the project.
"""
