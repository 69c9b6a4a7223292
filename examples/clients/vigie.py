"""Asks a Vigie sidecar about a post. Standard library only. Run it: python3 vigie.py "some post" """

import json
import os
import sys
import time
import urllib.error
import urllib.request

VIGIE = os.environ.get("VIGIE_URL", "http://127.0.0.1:8080")
KEY = os.environ.get("VIGIE_API_KEY")  # only beyond loopback


def decide(post, seconds=1.0):
    """The decision for a post: {"action": "allow" | "note" | "review" | "hold" | "remove", ...}.

    None: the sidecar is overloaded, late or away. Whether the post is shown then is your choice:
    show it and ask again later, or hold it back. Send the same `id` again: it counts once.
    """
    headers = {"content-type": "application/json"}
    if KEY:
        headers["authorization"] = f"Bearer {KEY}"
    asked = urllib.request.Request(f"{VIGIE}/v1/decisions", json.dumps(post).encode(), headers)
    try:
        with urllib.request.urlopen(asked, timeout=seconds) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 503:
            return None
        raise  # a mistake of ours: its body says which
    except (urllib.error.URLError, TimeoutError):
        return None


if __name__ == "__main__":
    post = {"id": f"example-{time.time_ns()}", "text": " ".join(sys.argv[1:]), "author": "u1", "thread": "t1", "community": "c1"}
    decision = decide(post)
    print(decision["action"] if decision else "no answer: keep the post waiting")
