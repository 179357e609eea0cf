"""The set-up page that is served before there are settings: shop, LINE, webhook. What needs the database follows in
the console (`console/guide/`); the process around it is `set_up/`."""
