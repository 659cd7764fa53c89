"""Makes the pictures of the documentation: screenshots.py PRODUCTS FOLDER."""

import os
import sys

from playwright.sync_api import sync_playwright

from dashboard import Programs, wait_for

PICTURES = [
    ("dashboard-light.png", 1440, 1000, "theme=light"),
    ("dashboard-dark.png", 1440, 1000, "theme=dark"),
    ("dashboard-phone.png", 390, 844, "theme=light"),
]


def main(products, folder):
    with Programs(products) as programs, sync_playwright() as playwright:
        brokers, store = programs.broker(), programs.path("store.db")
        programs.start("social-consumer", "--brokers", brokers, "--db", store)
        programs.produce(brokers, 40000, "4d")
        wait_for("the store is there", lambda: os.path.exists(store))
        wait_for("the posts are stored", lambda: programs.count(store) == 40000, seconds=300)
        address, _ = programs.serve(store)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, width, height, query in PICTURES:
            page = browser.new_page(
                viewport={"width": width, "height": height}, reduced_motion="reduce",
                device_scale_factor=2 if width < 500 else 1)
            page.goto(f"{address}?range=24h&{query}")
            page.wait_for_selector("html[data-ready]")
            page.wait_for_selector('#pill[data-status="live"]')
            page.wait_for_timeout(800)
            page.screenshot(path=os.path.join(folder, name))
            page.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
