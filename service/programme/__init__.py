"""The programme's report as a page, tables and files, and a simulated history to show it on."""
