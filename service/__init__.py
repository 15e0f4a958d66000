"""The edge: settings, storage, API and command line. The only place that does input and output with people."""
