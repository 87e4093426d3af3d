"""What each command does. `__main__` knows the options; these modules are imported only when their command is run."""
