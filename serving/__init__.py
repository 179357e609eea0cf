"""HTTP as the web process speaks it: connections with deadlines, and a WSGI application behind them."""
