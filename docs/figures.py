#!/usr/bin/env python3
"""Measures the shipped policies on the sets of docs/quality.md and writes the figures there.

    docs/figures.py VIGIE FOLDER [--policies DIR]

VIGIE is the built binary. FOLDER holds the sets, `NAME.ndjson` or `NAME.ndjson.gz`, at any depth; sets
that are not there are left out. What labels stand for is read from the page itself.
"""
import argparse
import json
import pathlib
import re
import subprocess
import tempfile

PAGE = pathlib.Path(__file__).with_name("quality.md")
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
THREATS = ["hatecheck_en", "hatecheck_fr", "jigsaw_subset_en", "jigsaw_subset_fr_mt", "edos_en", "hatemojibuild_en",
           "openai_mod_en", "guest_misogyny_en", "mlma_fr", "toxifrench_bench_fr"]
DOXES = ["doxpairs_en", "doxpairs_fr"]
CLEAN = ["ud_fr", "masc_en", "ubuntu_irc_en"]
DISGUISED = ["hatecheck_en", "hatecheck_fr", "jigsaw_subset_en"]
SPANS = ["usaddress_us", "addr_fr_geocoder", "addr_pelias", "addr_opencage", "presidio_synth_en"]
COUNTER = ["func:counter_quote_nh", "func:counter_ref_nh"]


def share(rate, by=100, unit=" %"):
    if not rate:
        return "–"
    rate_, low, high = (f"{by * rate[key]:.1f}" for key in ("rate", "lo", "hi"))
    return f"{rate_}{unit} [{low}, {high}] {rate['k']}/{rate['n']}"


def alarms(rate):
    return share(rate, 10_000, "")


def table(title, head, rows):
    if not rows:
        return ""
    line = lambda cells: "| " + " | ".join(cells) + " |\n"
    rule = line(["---"] + ["--:"] * (len(head) - 1))
    return f"\n### {title}\n\n{line(head)}{rule}" + "".join(map(line, rows))


class Sets:
    def __init__(self, arguments, labels):
        self.command = [arguments.vigie, "eval", "--labels", labels, "--format", "json"]
        if arguments.policies:
            self.command += ["--policies", arguments.policies]
        files = pathlib.Path(arguments.folder).rglob("*.ndjson*")
        self.files = {file.name.split(".ndjson")[0]: str(file) for file in files}

    def measured(self, names, *options):
        """What was measured on these sets together; nothing when one is not there."""
        if any(name not in self.files for name in names):
            return None
        command = self.command + list(options) + [self.files[name] for name in names]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return json.loads(done.stdout)

    def each(self, names, *options):
        for name in names:
            found = self.measured([name], *options)
            if found:
                yield name, found, {it["class"]: it for it in found["classes"]}


def figures(sets):
    threats, counter, doxes, clean, kept, disguised, spans = [], [], [], [], [], [], []
    for name, found, by in sets.each(THREATS):
        it = by["violence"]
        if it["recall"]:
            threats.append([name, share(it["recall"]), share(it["on_others"]), share(by["*"]["false_alarms"])])
        for group in found["groups"]:
            if group["label"] in COUNTER:
                counter.append([f"{name} `{group['label']}`", share(group["found"]["violence"]), share(group["found"]["*"])])
    for name, _, by in sets.each(DOXES):
        it = by["harassment.doxxing"]
        doxes.append([name, share(it["recall"]), share(it["pairs_both_right"]), share(it["false_alarms"])])
    for name, _, by in sets.each(CLEAN):
        clean.append([name] + [alarms(by[it]["false_alarms"]) for it in ("violence", "harassment.doxxing", "*")])
    for name in DISGUISED:
        found = sets.measured([name, f"disguised_{name}"])
        for it in (found or {"classes": []})["classes"]:
            if it["class"] == "violence":
                kept += [[f"{name} `{disguise}`", share(of["recall"]), share(of["of_twins"]), f"× {of['kept'] or 0:.2f}"]
                         for disguise, of in sorted(it["disguises"].items()) if of.get("of_twins")]
    both = sets.measured([name for name in CLEAN[:2]], "--disguised")
    for it in (both or {"disguised": []})["disguised"]:
        if it["class"] == "*":
            disguised.append([f"`{it['disguise']}`", alarms(it["plain"]["false_alarms"]), alarms(it["disguised"]["false_alarms"])])
    for name, found, _ in sets.each(SPANS):
        spans += [[f"{name} `{label}`", share(rate), "–"] for label, rate in found["signals"].items()]
        spans += [[f"{name} `{kind}`", share(it["recall"]), share(it["precision"])]
                  for kind, it in found["spans"].items() if it["recall"]]
    return "".join([
        table("Threats, calls for violence, swatting", ["set", "recall", "on other abuse", "anything on clean posts"], threats),
        table("Counter-speech that quotes or refers", ["posts", "taken for violence", "taken for anything"], counter),
        table("Doxxes", ["set", "recall", "pairs both right", "false alarms"], doxes),
        table("False alarms per 10,000 clean posts", ["set", "violence", "doxxing", "anything"], clean),
        table("Disguised threats, beside their undisguised twins", ["posts", "recall", "of twins", "kept"], kept),
        table("Disguises put on clean text: false alarms per 10,000 (UD French and MASC)",
              ["disguise", "as written", "disguised"], disguised),
        table("What detectors see", ["set and kind", "recall", "precision"], spans),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vigie")
    parser.add_argument("folder")
    parser.add_argument("--policies")
    arguments = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    labels = re.search(r"```yaml\n(.*?)```", page, re.S).group(1)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(labels)
        file.flush()
        block = figures(Sets(arguments, file.name))
    before, rest = page.split(BEGIN)
    _, behind = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{block.strip()}\n{END}{behind}", encoding="utf-8")


if __name__ == "__main__":
    main()
