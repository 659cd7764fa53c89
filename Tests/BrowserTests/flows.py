"""Drives the page in a browser: flows.py PRODUCTS, the folder of the programs, and names of flows, if not all.

Each flow is a function; one that fails is told with the reason, and the status is 1.
"""

import os
import sys
import time
import traceback

from playwright.sync_api import sync_playwright

import chart_flows
import page_flows
import time_flows
from dashboard import Programs, wait_for
from world import World

# Those of the page last: some of them add posts to the store.
FLOWS = chart_flows.FLOWS + time_flows.FLOWS + page_flows.FLOWS


def main(products, wanted):
    failed = 0
    with Programs(products) as programs, sync_playwright() as playwright:
        brokers, store = programs.broker(), programs.path("store.db")
        programs.start("social-consumer", "--brokers", brokers, "--db", store)
        programs.produce(brokers, 6000, "2d")
        wait_for("the store is there", lambda: os.path.exists(store))
        wait_for("the posts are stored", lambda: programs.count(store) == 6000)
        address, _ = programs.serve(store)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        world = World(browser, programs, store, address)
        world.brokers = brokers
        for flow in FLOWS:
            if wanted and flow.__name__ not in wanted:
                continue
            world.problems, world.expected = [], ()
            started = time.monotonic()
            try:
                flow(world)
                assert not world.problems, "\n".join(world.problems)
                print(f"passed {flow.__name__} in {time.monotonic() - started:.1f} s", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED {flow.__name__}\n{traceback.format_exc()}{world.problems}", flush=True)
            for context in browser.contexts:
                context.close()
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
