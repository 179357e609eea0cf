"""Commands about the machine and the services that Goen depends on."""
