"""Simulates LINE's platform: a channel, its Messaging API and LINE Login over HTTP, with LINE's limits and
refusals.

The phone page is `demo/phone/`'s. What LINE really does is documented at https://developers.line.biz.
"""
