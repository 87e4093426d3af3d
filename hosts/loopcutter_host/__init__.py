"""The agent host: reads an issue, plans, edits, tests and reflects, with a guard that can veto every call."""
