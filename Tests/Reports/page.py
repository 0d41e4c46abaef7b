#!/usr/bin/env python3
"""Opens a report's page in headless Chromium, as a person and as an auditor's tool would.

    page.py PAGE.html REPORT.json [--pictures DIR]

No error on the console, no request, nothing that axe-core finds, nothing wider than the screen, a PDF
for A4, and each figure of the page's tables equal to that of the JSON.
"""
import argparse
import os
import pathlib
import shutil
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def tables(page):
    """Caption -> rows, each the texts of its cells."""
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll('table')].map(table => [
      table.caption.textContent,
      [...table.querySelectorAll('tbody tr, tfoot tr')].map(row => [...row.cells].map(cell => cell.textContent))]))""")


def grouped(number):
    return f"{number:,}"


def severities(row):
    return [grouped(row[name]) for name in ("total", "critical", "high", "medium", "low")]


def compare(shown, report):
    """The page's tables against the JSON, which count.py compares with the records."""
    wrong, figures = [], 0

    def same(name, page, json):
        nonlocal figures
        figures += len(page) if isinstance(page, list) else 1
        if page != json:
            wrong.append(f"{name}: the page shows {page}, not {json}")

    most = 100
    incidents = report["incidents"]
    for caption, key, rows in (("Incidents by day", "day", incidents["by_day"] + [incidents["count"] | {"day": "All"}]),
                               ("Incidents by user", "user", incidents["by_user"]["rows"][:most]),
                               ("Incidents by server that a finding names", "server",
                                incidents["by_server"]["rows"][:most])):
        same(caption, shown.get(caption, []), [[row[key]] + severities(row) for row in rows])
    days = report["period"]["days"]
    same("hosts", shown["Incidents by host"], [
        [row["host"]] + severities(row) + [grouped(row["starts"]), f"{row['days_with_records']} of {days}"]
        for row in report["hosts"][:most]])
    leading = {row["kind"]: row["total"] for row in incidents["by_leading_kind"]["rows"]}
    same("kinds", [[row[0], row[2], row[3]] for row in shown["Incidents by kind"][:-1]],
         [[row["kind"], grouped(leading.get(row["kind"], 0)), grouped(row["total"])]
          for row in incidents["by_kind"]["rows"]])
    same("actions", [row[1] for row in shown["What was done about them"]],
         [grouped(incidents["by_action"][name]) for name in ("restored", "reported", "held", "failed")]
         + [grouped(incidents["count"]["total"])])
    same("bands", [row[1] for row in shown.get("Time from discovery to restore", [])],
         [grouped(row["records"]) for row in report["restores"]["bands"]]
         [:len(shown.get("Time from discovery to restore", []))])
    same("changes", shown["Changes by kind"][:-1],
         [[name, grouped(count)] for name, count in report["changes"]["count"].items()])
    if report["response"]["recorded"]:
        same("response", [row[2:7] for row in shown["Responses by class"]],
             [[grouped(row[name]) for name in ("records", "in_time", "late", "not_responded", "resolved")]
              for row in report["response"]["classes"]])
    if report["inventory"]["recorded"]:
        same("inventory", [row[:2] for row in shown["Servers that each user may have"]],
             [[row["user"], ", ".join(row["servers"]) or "none"] for row in report["inventory"]["users"][:most]])
    return wrong, figures


def check(page, report, axe):
    wrong, figures = compare(tables(page), report)
    landmarks = page.evaluate(
        "() => ['header', 'main', 'nav', 'footer', 'h1'].filter(name => document.querySelectorAll(name).length != 1)")
    if landmarks:
        wrong.append(f"not exactly one: {landmarks}")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width == 1280 and wide > 0:
            wrong.append(f"{wide} px wider than a screen of {width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    results = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
                                                 "best-practice"]}).response
    for violation in results["violations"]:
        nodes = [node["html"][:120] for node in violation["nodes"][:3]]
        wrong.append(f"axe {violation['impact']} {violation['id']}: {violation['help']}: {nodes}")
    if len(results["passes"]) < 15:
        wrong.append(f"axe looked at {len(results['passes'])} rules only")
    return wrong, figures, len(results["passes"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page")
    parser.add_argument("report")
    parser.add_argument("--pictures")
    args = parser.parse_args()
    import json
    report = json.load(open(args.report))
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("no Chromium here")
    address = pathlib.Path(os.path.abspath(args.page)).as_uri()
    told, requests = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        # The page's own policy forbids scripts; axe is the one exception, and only here.
        context = browser.new_context(bypass_csp=True, viewport={"width": 1280, "height": 900})
        strict = browser.new_context(viewport={"width": 1280, "height": 900})
        for one in (strict, context):
            page = one.new_page()
            page.on("console", lambda message: told.append(f"console: {message.text}"))
            page.on("pageerror", lambda error: told.append(f"error: {error}"))
            page.on("request", lambda request: requests.append(request.url))
            page.goto(address)
            page.wait_for_load_state("networkidle")
        wrong, figures, passes = check(page, report, Axe())
        wrong += [f"it asked for {url}" for url in requests if url != address]
        wrong += told
        pdf = strict.pages[0].pdf(prefer_css_page_size=True, print_background=True)
        if not pdf.startswith(b"%PDF") or pdf.count(b"/MediaBox [0 0 594.95996 841.91998]") == 0 and b"/MediaBox" in pdf and b"594" not in pdf:
            wrong.append("the PDF isn't A4")
        if args.pictures:
            os.makedirs(args.pictures, exist_ok=True)
            folder = pathlib.Path(args.pictures)
            (folder / "report.pdf").write_bytes(pdf)
            strict.pages[0].screenshot(path=folder / "report.png", full_page=True)
            strict.pages[0].set_viewport_size({"width": 1100, "height": 900})
            strict.pages[0].screenshot(path=folder / "top.png", full_page=True,
                                       clip={"x": 0, "y": 0, "width": 1100, "height": 1120})
            strict.pages[0].set_viewport_size({"width": 390, "height": 844})
            strict.pages[0].screenshot(path=folder / "narrow.png", full_page=True)
        browser.close()
    for one in wrong:
        print(one)
    print(f"page: {figures} figures as in the JSON, {passes} rules of axe passed, {len(wrong)} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
