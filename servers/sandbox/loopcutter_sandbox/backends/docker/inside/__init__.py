"""What watches over a run inside of a container: process 1, with the interpreter of the image.

Standard library only, Python 3.9 and later. ``start.py`` is the script that is started.
"""
