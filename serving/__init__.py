"""An HTTP server: connections with time limits, and a WSGI application behind them. Which application is left
to `app.py`."""
