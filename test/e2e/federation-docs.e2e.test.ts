import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type PersonStep, personTranscripts, readDocuments } from "../support/documents.ts";
import { inShell, timeless as withoutTimes } from "../support/person-shell.ts";
import { startPrivateDolt } from "../support/private-dolt.ts";
import { testWorkspace } from "../support/workspace.ts";

/** The remote of the tutorial; here it is another folder. */
const REMOTE = "/srv/beads/club";

test("docs/federation.md connects two machines and gets through a conflict when it is followed word for word", async () => {
  const other = await startPrivateDolt();
  onTestFinished(() => other.stop());
  const machines = new Map([
    ["ann", await testWorkspace({ prefix: "club", initialised: false, login: "root" })],
    ["bob", await testWorkspace({ prefix: "club", initialised: false, login: "root", port: other.port })],
  ]);
  const document = readDocuments().find(({ path }) => path === "docs/federation.md");
  const steps = document === undefined ? [] : personTranscripts(document);
  expect(steps.length).toBeGreaterThan(10);
  const folder = join(machines.get("ann")?.home ?? "", "remote");

  const printed: PersonStep[] = [];
  for (const { person, line } of steps) {
    const machine = machines.get(person);
    if (machine === undefined) throw new Error(`nobody is called ${person}`);
    const place = { name: person, folder: join(machine.home, "club") };
    const output = await inShell(machine, place, line.replaceAll(REMOTE, folder));
    printed.push({
      person,
      line,
      output: output.replaceAll(folder, REMOTE).replaceAll(machine.home, `/home/${person}`),
    });
  }

  expect(printed.map(timeless)).toEqual(steps.map(timeless));
});

/** Commits' hashes and days are others each time. */
function timeless({ person, line, output }: PersonStep): PersonStep {
  const stable = withoutTimes(output.replaceAll(/(local|remote|→) [0-9a-v]{8}\b/g, "$1 HASH"));
  return { person, line, output: stable };
}
