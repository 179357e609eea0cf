"""Takes customers of today into a flow that is switched on."""
