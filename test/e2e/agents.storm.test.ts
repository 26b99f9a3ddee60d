import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { BD_PATH } from "../support/run-bd.ts";
import { testWorkspace } from "../support/workspace.ts";

/** Ten minutes: `BEADS_AGENTS_SECONDS=600 npm run test:storm -- agents`. */
const SECONDS = Number(process.env["BEADS_AGENTS_SECONDS"] ?? 15);
const AGENTS = ["ada", "bob", "cyd", "dan"];

/**
 * The loop of docs/agents.md and docs/watch.md, in the shell: claim, work, leave a note, find something on the way, close, and
 * wait for more without asking again and again.
 */
const LOOP = String.raw`
set -u
export BD_SESSION=$NAME BD_CURSOR_FILE=$HOME/$NAME.cursor
end=$(( $(date +%s) + SECONDS_LEFT ))
field() { grep -o "\"$1\": \"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }
while [ "$(date +%s)" -lt "$end" ]; do
  issue=$(bd ready --claim --json -q) || { echo "ready: $issue" >>"$HOME/trouble"; continue; }
  id=$(printf '%s' "$issue" | field id)
  if [ -z "$id" ]; then
    bd watch --once --timeout 5s >/dev/null 2>&1
    continue
  fi
  echo "claimed $id" >>"$HOME/$NAME.ledger"
  bd note "$id" "$NAME was here" -q >/dev/null || echo "note $id" >>"$HOME/trouble"
  if [ $(( RANDOM % 3 )) = 0 ]; then
    found=$(bd create "Found by $NAME" --deps "discovered-from:$id" --json | field id) && echo "made $found" >>"$HOME/$NAME.ledger"
  fi
  bd close "$id" -r "done by $NAME" -q >/dev/null && echo "closed $id" >>"$HOME/$NAME.ledger" || echo "close $id" >>"$HOME/trouble"
done
`;

test(`four agents work through what a person asks for during ${SECONDS} s: each issue is one agent's, and nothing is lost`, async () => {
  const workspace = await testWorkspace();
  const bin = join(workspace.home, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`, { mode: 0o755 });
  const env = { ...workspace.env, PATH: `${bin}:${process.env["PATH"]}`, SECONDS_LEFT: String(SECONDS) };
  await workspace.spawn(["daemon", "start"]).done;
  onTestFinished(async () => void (await workspace.spawn(["daemon", "stop"]).done));
  const agents = AGENTS.map((name) =>
    promisify(execFile)("bash", ["-c", LOOP], { cwd: workspace.dir, env: { ...env, NAME: name, BEADS_ACTOR: name } }),
  );
  const asked: string[] = [];
  const ends = Date.now() + SECONDS * 1000 - 3000;
  while (Date.now() < ends) {
    const after = asked.length > 0 && asked.length % 4 === 0 ? ["--deps", asked.at(-1) ?? ""] : [];
    const made = await workspace.spawn(["create", `Asked ${asked.length}`, "--json", ...after]).done;
    if (made.code === 0) asked.push(String(JSON.parse(made.stdout).id));
    await delay(300);
  }
  for (const { stdout, stderr } of await Promise.all(agents)) {
    // On a busy machine they say that they stand in line.
    expect({ stdout, stderr: stderr.replaceAll(/^waiting for the write lock of .*\n/gm, "") }).toEqual({
      stdout: "",
      stderr: "",
    });
  }

  expect(existsSync(join(workspace.home, "trouble")) ? readFileSync(join(workspace.home, "trouble"), "utf8") : "").toBe(
    "",
  );
  const said = AGENTS.flatMap((name) => {
    const path = join(workspace.home, `${name}.ledger`);
    const lines = existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n") : [];
    return lines.map((line) => ({ name, word: line.split(" ")[0], id: line.split(" ")[1] ?? "" }));
  });
  const of = (word: string) => said.filter((one) => one.word === word);
  expect(of("closed").length).toBeGreaterThan(0);
  expect(new Set(of("claimed").map(({ id }) => id)).size).toBe(of("claimed").length);
  const rows = await workspace.sql("SELECT id, status, assignee, close_reason, notes FROM issues");
  const byId = new Map(rows.map((row) => [String(row["id"]), row]));
  for (const id of [...asked, ...of("made").map((one) => one.id)]) expect(byId.has(id), id).toBe(true);
  for (const { name, id } of of("closed")) {
    expect(byId.get(id)).toMatchObject({
      status: "closed",
      assignee: name,
      close_reason: `done by ${name}`,
      notes: `${name} was here`,
    });
  }
  const closed = new Set(of("closed").map(({ id }) => id));
  for (const row of rows) if (row["status"] === "closed") expect(closed.has(String(row["id"]))).toBe(true);
});
