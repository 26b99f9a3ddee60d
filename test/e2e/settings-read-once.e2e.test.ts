import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeWorkspace } from "../support/workspace.ts";

/** Preloaded into bd: writes down the path of each settings file that is opened, in whatever way it is then read. */
const PROBE = `
const fs = require("node:fs");
const { openSync, readFileSync } = fs;
const seen = (path) => {
  if (/(?:config|config\\.local)\\.yaml$|metadata\\.json$/.test(String(path))) fs.appendFileSync(process.env.PROBE_LOG, path + "\\n");
};
fs.openSync = (path, ...rest) => (seen(path), openSync(path, ...rest));
fs.readFileSync = (path, ...rest) => (seen(path), readFileSync(path, ...rest));
`;

test.each([["list"], ["create", "One"], ["config", "get", "actor"], ["dolt", "show"]])(
  "bd %s reads each settings file once",
  async (...words) => {
    const workspace = await makeWorkspace();
    onTestFinished(() => workspace.remove());
    const person = join(workspace.home, ".config/bd/config.yaml");
    const beads = join(workspace.dir, ".beads");
    mkdirSync(dirname(person), { recursive: true });
    for (const path of [person, join(beads, "config.local.yaml")]) writeFileSync(path, "json: false\n");
    const [probe, log] = [join(workspace.home, "probe.cjs"), join(workspace.home, "log")];
    writeFileSync(probe, PROBE);
    writeFileSync(log, "");

    const { code } = await workspace.spawn(words, { env: { NODE_OPTIONS: `--require=${probe}`, PROBE_LOG: log } }).done;

    expect(code).toBe(0);
    const read = readFileSync(log, "utf8").trim().split("\n").toSorted();
    expect(read).toEqual(
      [person, join(beads, "config.local.yaml"), join(beads, "config.yaml"), join(beads, "metadata.json")].toSorted(),
    );
  },
);
