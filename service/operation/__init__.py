"""What whoever runs the service needs: logs, metrics, reload."""
