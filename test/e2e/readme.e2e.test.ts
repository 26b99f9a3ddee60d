import { expect, it } from "vitest";
import { readDocuments, transcripts } from "../support/documents.ts";
import { inShell, timeless } from "../support/person-shell.ts";
import { testWorkspace } from "../support/workspace.ts";

/** Documents that one person can follow, each in an empty folder. */
const FOLLOWED = ["README.md", "docs/working.md", "docs/agents.md"];

it.each(FOLLOWED)("every command of %s runs as written, and prints what stands there", async (path) => {
  const workspace = await testWorkspace({ prefix: "shop", initialised: false, login: "root" });
  const ada = { name: "ada", folder: workspace.dir, env: { GIT_AUTHOR_EMAIL: "ada@example.test" } };
  const document = readDocuments().find((candidate) => candidate.path === path);
  const steps = document === undefined ? [] : transcripts(document);
  expect(steps.length).toBeGreaterThan(5);

  const printed: { line: string; output: string }[] = [];
  for (const { line } of steps) printed.push({ line, output: await inShell(workspace, ada, line) });

  expect(printed.map(withoutTimes)).toEqual(steps.map(withoutTimes));
});

function withoutTimes({ line, output }: { readonly line: string; readonly output: string }) {
  return { line, output: timeless(output) };
}
