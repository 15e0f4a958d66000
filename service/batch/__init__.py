"""Many needs from a file, matched overnight: read, checked, matched, put on record, written out, and resumed where it stood."""
