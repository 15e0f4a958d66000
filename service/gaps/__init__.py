"""`crossmatch gaps` behind the command line: read needs, ask of today's directory, write the findings."""
