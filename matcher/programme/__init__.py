"""The programme around the matches: its rules as data, applications, decisions, money, reports."""
