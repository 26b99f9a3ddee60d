import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { type TestWorkspace, testWorkspace } from "../support/workspace.ts";

/** `bd serve` as a process, when it has said where. */
async function serve(workspace: TestWorkspace, args: readonly string[] = []) {
  const running = workspace.spawn(["serve", "--port", "0", "--json", ...args]);
  onTestFinished(() => void running.child.kill("SIGKILL"));
  const said = await new Promise<string>((resolve, reject) => {
    running.child.stdout?.once("data", (piece) => resolve(String(piece)));
    void running.done.then(({ stderr }) => reject(new Error(stderr)));
  });
  const { url, token_file: path } = JSON.parse(said);
  return { ...running, url: String(url), path: String(path), token: readFileSync(String(path), "utf8").trim() };
}

test("it says where it is, shows the token to nobody, and ends in order when it is told to", async () => {
  const workspace = await testWorkspace({ prefix: "srv" });
  const first = await serve(workspace);
  expect(first.path.startsWith(workspace.home)).toBe(true);
  expect(statSync(first.path).mode & 0o777).toBe(0o600);
  const ask = (token: string) => fetch(`${first.url}api/issues`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask(first.token)).status).toBe(200);
  expect((await ask("x")).status).toBe(401);
  first.child.kill("SIGTERM");
  const { code, stdout, stderr } = await first.done;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).not.toContain(first.token);
  const again = await serve(workspace, ["-v", "--readonly"]);
  expect(again.token).toBe(first.token);
  const made = await fetch(`${again.url}api/issues?token=${again.token}`, {
    method: "POST",
    headers: { authorization: `Bearer ${again.token}`, "content-type": "application/json" },
    body: "{}",
  });
  expect(made.status).toBe(400);
  again.child.kill("SIGINT");
  const said = await again.done;
  expect(said).toMatchObject({ code: 0, stderr: expect.stringContaining("POST /api/issues 400") });
  expect(said.stderr).not.toContain(again.token);
});

test("a port that is taken, and a token that others can read, are refused with a way on", async () => {
  const workspace = await testWorkspace({ prefix: "ref" });
  const first = await serve(workspace);
  const { port } = new URL(first.url);
  expect(await workspace.spawn(["serve", "--port", port]).done).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("bd serve --port 0"),
  });
  const path = join(mkdtempSync(join(workspace.home, "token-")), "token");
  writeFileSync(path, "a-token-of-a-test\n", { mode: 0o644 });
  const env = { BEADS_SERVE_TOKEN_FILE: path };
  expect(await workspace.spawn(["serve", "--port", "0"], { env }).done).toMatchObject({
    code: 4,
    stderr: expect.stringContaining(`chmod 600 ${path}`),
  });
});

test("a project opens no port, and says no address", async () => {
  const workspace = await testWorkspace({ prefix: "hst" });
  writeFileSync(
    join(workspace.dir, ".beads/config.yaml"),
    "serve.enabled: true\nserve.host: 0.0.0.0\nserve.port: 80\n",
  );
  const { stdout } = await workspace.bd(["config", "explain", "serve.host"]);
  expect(stdout).toContain("127.0.0.1");
  expect(stdout).toContain("it is yours to say, and no project's");
});

test("a daemon serves, too, where its person wants it", { timeout: 120_000 }, async () => {
  const workspace = await testWorkspace({ prefix: "dmn" });
  await workspace.bd(["create", "One", "--id", "dmn-1"]);
  const env = { BD_SERVE_ENABLED: "true", BEADS_SERVE_PORT: "0" };
  await workspace.spawn(["daemon", "start"], { env }).done;
  onTestFinished(async () => void (await workspace.spawn(["daemon", "stop"]).done));
  const urlSaid = () =>
    /serving HTTP at (\S+)/.exec(readFileSync(join(workspace.dir, ".beads/daemon.log"), "utf8"))?.[1];
  await expect.poll(urlSaid, { timeout: 10_000 }).toBeDefined();
  const url = urlSaid() ?? "";
  const token = readFileSync(join(workspace.home, ".local/state/beads/serve-token"), "utf8").trim();
  const response = await fetch(`${url}api/issues/dmn-1`, { headers: { authorization: `Bearer ${token}` } });
  expect(await response.json()).toMatchObject({ title: "One" });
  await workspace.spawn(["daemon", "stop"]).done;
  await expect(fetch(`${url}healthz`)).rejects.toThrow();
});

test("docs/http.md works when it is followed word for word", { timeout: 120_000 }, async () => {
  const workspace = await testWorkspace({ prefix: "shop" });
  const server = await serve(workspace, ["-v"]);
  const said = { text: "" };
  server.child.stderr?.on("data", (piece) => (said.text += String(piece)));
  const document = readDocuments().find(({ path }) => path === "docs/http.md") ?? expect.fail("no such document");
  const here = (text: string) => text.replaceAll("http://127.0.0.1:3380/", server.url);
  const lines = fencedBlocks(document, "sh")
    .flat()
    .filter((line) => line !== "bd serve");
  const program = join(workspace.home, "listen.mjs");
  writeFileSync(program, here(fencedBlocks(document, "js").flat().join("\n")));
  const listener = execFile(process.execPath, [program, server.token]);
  let heard = "";
  listener.stdout?.on("data", (piece) => (heard += String(piece)));
  onTestFinished(() => void listener.kill());
  await expect.poll(() => said.text, { timeout: 10_000 }).toContain("GET /api/events 200");
  await promisify(execFile)("bash", ["-euc", here(lines.join("\n"))], {
    cwd: workspace.dir,
    env: { ...workspace.env, PATH: process.env["PATH"] ?? "" },
  });
  await expect
    .poll(() => heard, { timeout: 10_000 })
    .toBe("created Choose a password hash\nclosed Choose a password hash\n");
  const issues = readFileSync(join(workspace.dir, "issues.jsonl"), "utf8").trimEnd().split("\n");
  expect(issues.map((line) => JSON.parse(line).id)).toEqual(["shop-hash"]);
});
