"""The guided tour of the demo, as customer, staff and owner. How it is shown is left to `demo/phone/tour.py`."""
