"""The five states of a run. Each looks at the case, does its part, and answers with a signal; `agent.TABLE` says what
the signal leads to."""
