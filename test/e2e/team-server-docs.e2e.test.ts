import { join } from "node:path";
import { expect, test } from "vitest";
import { type PersonStep, personTranscripts, readDocuments } from "../support/documents.ts";
import { inShell, timeless } from "../support/person-shell.ts";
import { testWorkspace } from "../support/workspace.ts";

test("docs/team-server.md lets two people work on one server when it is followed word for word", async () => {
  const ann = await testWorkspace({ prefix: "club", initialised: false, login: "root" });
  const bob = await testWorkspace({ prefix: "club", initialised: false, login: "root" });
  const machines = new Map([
    ["ann", ann],
    ["bob", bob],
  ]);
  const document = readDocuments().find(({ path }) => path === "docs/team-server.md");
  const steps = document === undefined ? [] : personTranscripts(document);
  expect(steps.length).toBeGreaterThan(10);

  const printed: PersonStep[] = [];
  for (const { person, line } of steps) {
    const machine = machines.get(person) ?? ann;
    const here = line.replaceAll("/home/ann", ann.home).replaceAll("/srv/beads", join(ann.home, "remote"));
    const output = await inShell(machine, { name: person, folder: join(machine.home, "club") }, here);
    printed.push({
      person,
      line,
      output: output.replaceAll(join(ann.home, "remote"), "/srv/beads").replaceAll(machine.home, `/home/${person}`),
    });
  }

  expect(printed.map(stable)).toEqual(steps.map(stable));
});

function stable({ output, ...step }: PersonStep): PersonStep {
  const hashes = output.replaceAll(/(local|remote|→) [0-9a-v]{8}\b/g, "$1 HASH").replaceAll(/^ok \(.*\)$/gm, "ok");
  return { ...step, output: timeless(hashes) };
}
