"""Planning an event: who meets whom, when and where."""
