#!/usr/bin/env python3
"""Opens a run's report and the board in headless Chromium: both render, hovering shows values, a growing run is
followed, nothing is complained of on the console. browser_test.py HEARTH [--keep FOLDER]: keeps screenshots there.
Exit code 77: no Chromium or chromedriver (the test is skipped).
"""
import argparse, base64, json, math, pathlib, shutil, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request


class Browser:
    """A WebDriver session, https://www.w3.org/TR/webdriver/."""

    def __init__(self, chromium, driver):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.root = f"http://127.0.0.1:{port}"
        options = {"binary": chromium, "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                                                "--disable-dev-shm-usage"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        for attempt in range(100):
            try:
                session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
                break
            except (urllib.error.URLError, ConnectionError) as e:
                if attempt == 99 or isinstance(e, urllib.error.HTTPError):
                    raise
                time.sleep(0.1)
        self.root += "/session/" + session["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            return json.load(urllib.request.urlopen(request, timeout=60))["value"]
        except urllib.error.HTTPError as e:
            sys.exit(f"FAILED: {method} {path}: {e.read().decode()[:500]}")

    def run(self, script, *args):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(args)})

    def wait(self, script, what):
        for _ in range(100):
            value = self.run(script)
            if value:
                return value
            time.sleep(0.1)
        self.complain(f"{what}: {script} stayed {value!r}")

    def hover(self, x, y):
        move = {"type": "pointerMove", "duration": 50, "x": int(x), "y": int(y), "origin": "viewport"}
        self.call("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]})

    def picture(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.call("GET", "/screenshot")))

    def complaints(self):
        return [e["message"] for e in self.call("POST", "/se/log", {"type": "browser"}) if e["level"] in ("SEVERE", "WARNING")]

    def complain(self, text):
        print("console:", self.complaints())
        self.close()
        sys.exit("FAILED: " + text)

    def size(self, width, height):
        self.call("POST", "/window/rect", {"width": width, "height": height})

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait()


def record(step, epoch, **values):
    return json.dumps({"step": step, "epoch": epoch, "time": step * 0.1, **values}) + "\n"


def make_run(folder, speed=1.0, n=40, finished=True):
    """A folder such as `hearth train` leaves."""
    folder.mkdir(parents=True)
    lines = []
    for i in range(1, n + 1):
        decay = math.exp(-speed * i / 12)
        lines.append(record(i * 10, i / 8, lr=1e-3 * (1 + math.cos(i / n * 3.1)) / 2, grad_norm=2 * decay + 0.1,
                            **{"grad_norm/conv1": 2 * decay, "grad_norm/fc": decay + 0.1},
                            samples_per_second=9000 + 400 * math.sin(i), **{"train/loss": 2.3 * decay + 0.02,
                                                                           "train/accuracy": 1 - 0.9 * decay}))
        if i % 8 == 0:
            lines.append(record(i * 10, i / 8, **{"val/loss": 2.3 * decay + 0.06, "val/accuracy": 0.97 - 0.87 * decay}))
    (folder / "metrics.jsonl").write_text("".join(lines))
    (folder / "config.yaml").write_text("data: {path: digits}\nmodel: {name: cnn}\noptimizer: {name: adam, lr: 0.001}\n")
    (folder / "environment.json").write_text(json.dumps({"command": "hearth train --data digits </script>", "threads": 2}))
    if not finished:
        return
    samples = folder / "samples"
    samples.mkdir()
    png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADElEQVR4nGNg+A+EAAYAAf+T0eSJAAAAAElFTkSuQmCC")
    (samples / "worst_0.png").write_bytes(png)
    classes = ["adelie", "chinstrap", "<b>gentoo</b>"]
    summary = {"status": "finished", "epochs": 5, "steps": n * 10, "seconds": 61.5, "parameters": 123456,
               "test": {"loss": 0.0712, "accuracy": 0.9834}, "best": {"epoch": 5, "step": n * 10, "monitor": "val/loss", "value": 0.07},
               "classes": classes, "confusion": [[50, 1, 0], [2, 20, 0], [0, 0, 44]],
               "worst": [{"index": 17, "loss": 4.2, "label": "adelie", "predicted": "chinstrap", "image": "samples/worst_0.png"}],
               "predictions": [{"index": i, "label": classes[i % 3], "predicted": classes[i % 3], "probability": 0.9} for i in range(5)]}
    (folder / "summary.json").write_text(json.dumps(summary))


def expect(browser, condition, what):
    if not condition:
        browser.complain(what)


def hover_first_chart(browser):
    before = browser.run("return document.querySelector('.u-legend').innerText")
    box = browser.run("const r = document.querySelector('.u-over').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]")
    browser.hover(box[0] + box[2] * 0.6, box[1] + box[3] * 0.5)
    browser.wait(f"return document.querySelector('.u-legend').innerText !== {json.dumps(before)}", "the legend under the pointer")
    return browser.run("return document.querySelector('.u-legend').innerText")


def look(browser, page, keep, to_the_end=False):
    """No page is wider than its window, on a desktop or a phone; pictures of both go to `keep`."""
    for width, height, window in ((1280, 900, "desktop"), (400, 850, "phone")):
        browser.size(width, height)
        time.sleep(0.4)
        wide = browser.run("return document.documentElement.scrollWidth - window.innerWidth")
        expect(browser, wide <= 0, f"{page}, {window}: the page is {wide} pixels wider than the window")
        if keep:
            browser.picture(keep / f"{page}_{window}.png")
        if keep and to_the_end:
            browser.run("window.scrollTo(0, document.body.scrollHeight)")
            browser.picture(keep / f"{page}_{window}_end.png")
            browser.run("window.scrollTo(0, 0)")


def check_report(browser, hearth, folder, keep):
    run = folder / "one"
    make_run(run)
    subprocess.run([hearth, "report", str(run)], check=True, stdout=subprocess.DEVNULL)
    for name in ("loss", "accuracy", "lr", "grad_norm", "grad_norm_by_layer"):
        for ending in ("svg", "png"):
            assert (run / "plots" / f"{name}.{ending}").stat().st_size > 500, name
    html = (run / "report.html").read_text()
    assert "http://" not in html.replace("http://www.w3.org", ""), "the report asks for something from a network"
    browser.call("POST", "/url", {"url": (run / "report.html").as_uri()})
    browser.wait("return document.querySelectorAll('.u-wrap canvas').length >= 5", "the curves")
    lit = browser.run("""const c = document.querySelector('.u-wrap canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n;""")
    expect(browser, lit > 500, f"the first chart is empty ({lit} dots)")
    legend = hover_first_chart(browser)
    expect(browser, "train" in legend and "val" in legend, f"the legend lacks curves: {legend!r}")
    layers = browser.run("return document.querySelector('[data-chart=\"grad_norm by layer\"] .u-legend').innerText")
    expect(browser, "conv1" in layers and "fc" in layers, f"the layers' gradients: {layers!r}")
    expect(browser, browser.run("return document.querySelectorAll('table.matrix td').length") == 12, "the confusion matrix")
    expect(browser, browser.run("return document.querySelector('.thumb img').naturalWidth") == 2, "the picture of an error")
    expect(browser, "98.34" in browser.run("return document.getElementById('head').innerText") or
           "0.9834" in browser.run("return document.getElementById('head').innerText"), "the test score")
    look(browser, "report", keep, to_the_end=True)


def check_board(browser, hearth, folder, keep):
    runs = folder / "runs"
    make_run(runs / "20260101-120000_slow", 0.7)
    make_run(runs / "20260101-130000_quick", 1.6, n=20, finished=False)
    server = subprocess.Popen([hearth, "board", str(runs), "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().split()[0]
        browser.size(1280, 900)
        browser.call("POST", "/url", {"url": url})
        browser.wait("return document.querySelectorAll('table.runs tr').length === 3", "the table of runs")
        browser.wait("return document.querySelectorAll('.u-wrap canvas').length >= 5", "the curves")
        expect(browser, "quick" in hover_first_chart(browser), "both runs in the legend")
        with open(runs / "20260101-130000_quick" / "metrics.jsonl", "a") as f:
            f.write(record(777, 9.5, **{"train/loss": 0.01}))
        browser.wait("return document.querySelector('table.runs').innerText.includes('777')", "the new record")
        look(browser, "board", keep)
        for bad in ("api/records?run=..%2Fone&from=0", "api/records?run=x", "nothing"):
            try:
                urllib.request.urlopen(url + bad)
                browser.complain(f"the board answered {bad}")
            except urllib.error.HTTPError as e:
                expect(browser, e.code == 404, f"{bad}: {e.code}")
        browser.call("POST", "/url", {"url": "about:blank"})  # or the page would miss its server
    finally:
        server.terminate()
        assert server.wait(10) == 0, "the board ends cleanly"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hearth")
    parser.add_argument("--keep", type=pathlib.Path)
    args = parser.parse_args()
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        print("skipped: chromium and chromedriver are not installed (Debian packages chromium, chromium-driver)")
        return 77
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        browser = Browser(chromium, driver)
        try:
            check_report(browser, args.hearth, folder, args.keep)
            check_board(browser, args.hearth, folder, args.keep)
            complaints = [c for c in browser.complaints() if "404" not in c]
            expect(browser, not complaints, f"the console says {complaints}")
        finally:
            if browser.process.poll() is None:
                browser.close()
    print("the report and the board render; hovering works; nothing on the console")
    return 0


if __name__ == "__main__":
    sys.exit(main())
