"""What a flow is: its definition, its file, the faults a check finds, its versions."""
