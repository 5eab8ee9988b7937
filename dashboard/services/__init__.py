"""What people ask and do: one use case a function, one database transaction each. The only place that writes."""
