"""The console: pages for advisors, organisers, evaluators and the programme office, thin over what the API calls."""
