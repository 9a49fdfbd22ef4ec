"""The front door for other programs over HTTP: today, webhooks.

`make_app` is the application, `listening` serves it beside a running engine. What it stands on (Starlette and
uvicorn) comes with the extra `tillbridge[web]`.
"""
