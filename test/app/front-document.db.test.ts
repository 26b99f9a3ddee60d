import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { callerIn, testApp } from "../support/test-app.ts";
import { testWorkspace } from "../support/workspace.ts";

const root = join(import.meta.dirname, "../..");

/** The front of the document, as a file of a room of its own. */
async function documentedFront() {
  const [, source = ""] = /```ts\n([\s\S]*?)\n```/.exec(readFileSync(join(root, "docs/architecture.md"), "utf8")) ?? [];
  // Beside src/, where its imports lead to the rooms: in src/ it would be in the way of other tests.
  const folder = join(root, "node_modules/.cache/front-document");
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "serve-lines.ts");
  writeFileSync(file, source.replaceAll('"../', `"${root}/src/`));
  return import(/* @vite-ignore */ file);
}

test("the front in the document serves requests as it stands there", async () => {
  const workspace = await testWorkspace({ prefix: "front" });
  const { serveLines } = await documentedFront();
  const app = testApp({ idleSessions: 2 });
  onTestFinished(() => app.close());
  const draft = { draft: { title: "By a line" }, id: "front-1", labels: [], deps: [] };
  const requests = [
    { id: 1, op: "issue.create", input: { ...draft, inherit_labels: false, force: false, dry_run: false } },
    { id: 2, op: "issue.show", input: { ids: ["front-none"] } },
    { id: 3, op: "issue.close", input: { ids: 7 } },
  ];
  const lines: string[] = [];
  const serve = (asked: readonly object[]) =>
    serveLines(
      app,
      {
        caller: callerIn(workspace),
        input: Readable.from(asked.map((one) => `${JSON.stringify(one)}\n`)),
        signal: new AbortController().signal,
      },
      (line: string) => lines.push(line),
    );
  await serve(requests);
  await serve([{ id: 4, op: "data.export", input: { all: false, include_memories: false } }]);

  const frames = lines.map((line) => JSON.parse(line));
  const of = (id: number) => frames.filter((frame) => frame.id === id);
  expect(of(1).at(-1)).toMatchObject({ kind: "result", payload: { id: "front-1", title: "By a line" }, failures: [] });
  expect(of(2).at(-1)).toMatchObject({ kind: "result", failures: [{ item: "front-none", code: "ISSUE_NOT_FOUND" }] });
  expect(of(3)).toEqual([expect.objectContaining({ kind: "error", code: "BAD_INPUT" })]);
  expect(of(4).map(({ kind }) => kind)).toEqual(["chunk", "progress", "result"]);
  expect(JSON.parse(of(4)[0].text)).toMatchObject({ id: "front-1" });
});
