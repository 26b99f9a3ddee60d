import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { fencedBlocks, readDocuments } from "../support/documents.ts";
import { serverEvents } from "../support/http-server.ts";
import { recordsIn } from "../support/payload.ts";
import { privateRedis, REST_TOKEN, restFront } from "../support/private-redis.ts";
import { testWorkspace } from "../support/workspace.ts";

const root = join(import.meta.dirname, "../..");

const PAGE = `"use client";
import { useEffect, useState } from "react";
export default function Page() {
  const [titles, setTitles] = useState([]);
  useEffect(() => {
    const events = new EventSource("/api/tracker/events");
    events.addEventListener("change", ({ data }) => setTitles((known) => [...known, JSON.parse(data).task.title]));
    return () => events.close();
  }, []);
  return <ul>{titles.map((title, at) => <li key={at}>{title}</li>)}</ul>;
}
`;

/** An app of the document's files, with the package as it is published, on a store over REST. */
async function nextApp(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "bd-next-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const run = (program: string, args: readonly string[], cwd = dir) =>
    promisify(execFile)(program, args, {
      cwd,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    });
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", dir], root);
  const dependencies = { beads: `file:${stdout.trim()}`, next: "16.4.6", react: "19.3.1", "react-dom": "19.3.1" };
  writeFileSync(join(dir, "package.json"), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(dir, "next.config.mjs"), "export default { typescript: { ignoreBuildErrors: true } };\n");
  const document = readDocuments().find(({ path }) => path === "docs/tracker.md") ?? expect.fail("no such document");
  const files = fencedBlocks(document, "ts").flatMap((lines): [string, string][] => {
    const [, path] = /^\/\/ (\S+)\.ts$/.exec(lines[0] ?? "") ?? [];
    // In JavaScript, so that the build need not install a compiler.
    return path === undefined ? [] : [[`${path}.js`, lines.join("\n").replaceAll(/: Request\b/g, "")]];
  });
  files.push(["app/page.jsx", PAGE]);
  files.push(["app/layout.jsx", "export default ({ children }) => <html lang='en'><body>{children}</body></html>;\n"]);
  for (const [path, text] of files) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  await run("npm", ["install", "--no-audit", "--no-fund", "--silent"]);
  await run(join(dir, "node_modules/.bin/next"), ["build"]);
  return dir;
}

test("a real Next.js app with the files of docs/tracker.md is built, started, and followed live, with no bd near it", async () => {
  const front = await restFront(await privateRedis());
  const dir = await nextApp();
  const env = {
    PATH: process.env["PATH"],
    NODE_ENV: "production",
    APP_TOKEN: "t",
    KV_REST_API_URL: front.url,
    KV_REST_API_TOKEN: REST_TOKEN,
  };
  const server = spawn(join(dir, "node_modules/.bin/next"), ["start", "-H", "127.0.0.1", "-p", "0"], {
    cwd: dir,
    env,
    detached: true,
  });
  onTestFinished(() => void (server.pid === undefined || process.kill(-server.pid, "SIGKILL")));
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (piece) => (said += String(piece)));
  await expect.poll(() => said, { timeout: 60_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+[\s\S]*Ready/);
  const url = `${/http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]}/api/tracker`;
  const ask = async (method: string, path: string, body?: object, token = "Bearer t") => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: ReturnType<typeof JSON.parse> = await answer.json();
    return { status: answer.status, body: json };
  };
  expect(await ask("GET", "/tasks")).toEqual({ status: 200, body: [] });
  expect(await ask("POST", "/tasks", { title: "One" }, "Bearer x")).toMatchObject({ status: 403 });
  const events = serverEvents(await fetch(`${url}/events`));
  expect((await events.next()).value).toMatchObject({ event: "ready" });
  const made = await ask("POST", "/tasks", { title: "One", project: "web" });
  expect(made).toMatchObject({ status: 201, body: { title: "One" } });
  expect((await events.next()).value).toMatchObject({ event: "change", data: { task: { title: "One" } } });
  const path = `/tasks/${made.body.id}`;
  expect(await ask("PATCH", path, { status: "done" })).toMatchObject({ status: 200, body: { status: "done" } });
  expect((await events.next()).value).toMatchObject({ data: { fields: ["status"] } });

  // A machine near the tracker comes up later.
  const workspace = await testWorkspace();
  const store = { KV_REST_API_URL: env.KV_REST_API_URL, KV_REST_API_TOKEN: env.KV_REST_API_TOKEN };
  expect(await workspace.bd(["tracker", "setup", "--statuses"], { env: store })).toMatchObject({ code: 0 });
  const mirror = workspace.spawn(["tracker", "sync", "--watch"], { env: store, timeoutMs: 120_000 });
  const issues = async () => recordsIn(await workspace.json(["list", "--all"]));
  await expect.poll(issues, { timeout: 30_000 }).toMatchObject([{ title: "One", status: "closed" }]);
  const [issue] = await issues();
  expect((await events.next()).value).toMatchObject({ data: { fields: ["issue"], task: { issue: issue?.["id"] } } });
  await workspace.json(["reopen", String(issue?.["id"])]);
  expect((await events.next()).value).toMatchObject({ data: { fields: ["status"], task: { status: "todo" } } });
  mirror.child.kill("SIGINT");
  expect((await mirror.done).code).toBe(130);
  expect(await ask("PATCH", path, { status: "done" })).toMatchObject({ status: 200 });
  await events.next();
  expect(await ask("GET", "/tasks?project=web")).toMatchObject({ body: [{ status: "done" }] });
  expect(await ask("DELETE", path)).toEqual({ status: 200, body: { success: true } });
  expect(await ask("GET", "/tasks")).toEqual({ status: 200, body: [] });
  await events.return();
  expect(await (await fetch(url.replace("/api/tracker", "/"))).text()).toContain("<ul>");
});
