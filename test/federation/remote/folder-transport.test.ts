import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseRemoteUrl } from "../../../src/core/remote-url.ts";
import { folderTransport } from "../../../src/federation/remote/folder-transport.ts";
import { viewFolder } from "../../../src/federation/remote/remote-folder.ts";
import type { Transport } from "../../../src/federation/remote/transport.ts";
import type { Session } from "../../../src/store/session-types.ts";

const FILES = ["herrocn3rsdf21h3j7v9ue6n0s8ol26h", "s324n0hbghvgt8tvvo6qis21di195v8e"] as const;
const MANIFEST = `5:__DOLT__:lock0:root0:00000000000000000000000000000000:${FILES[0]}:7:${FILES[1]}:2`;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "bd-folder-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function fill(path: string, manifest = MANIFEST): void {
  writeFileSync(join(path, `${FILES[0]}.darc`), "");
  writeFileSync(join(path, FILES[1]), "");
  writeFileSync(join(path, "manifest"), manifest);
}

/** A server that says of the remote what it likes. */
function serverThatSays(
  path: string,
  says: { readonly seen?: string; readonly pushed?: string; readonly writes?: () => void },
): Transport {
  return {
    carrier: "server",
    remote: { name: "shelf", url: parseRemoteUrl(`file://${path}`) },
    user: undefined,
    branch: "main",
    trackingRef: "shelf/main",
    witness: "server",
    fetch: async () => says.seen,
    push: async () => {
      says.writes?.();
      return says.pushed;
    },
  };
}

/** A database that knows a commit of the remote, or none. */
function knowing(hash: string | undefined): Session {
  const rows = hash === undefined ? [] : [{ hash }];
  const refuse = async () => expect.fail("nothing but single statements is expected");
  return {
    call: async (query) => query.decode([{ rows, isTable: true, affectedRows: 0 }]),
    newestCommit: refuse,
    read: refuse,
    write: refuse,
    merge: refuse,
    migrate: refuse,
    settle: refuse,
    commitWorkingSet: refuse,
    locked: (_lock, work) => work(),
    close: () => {},
  };
}

function over(path: string, server: Transport, known?: string): Transport {
  const relay = async () => ({ why: "there is none here", wayOut: [] });
  return folderTransport({ session: knowing(known), path, mayMake: false, server, relay, detail: () => {} });
}

const REQUEST = { commit: "new", replaces: undefined };

test("a push that wrote nothing into the folder did not arrive, whatever the server says", async () => {
  const path = folder();
  fill(path);
  const transport = over(path, serverThatSays(path, { seen: "old", pushed: "new" }), "old");
  expect(await transport.fetch()).toBe("old");
  expect(await transport.push(REQUEST)).toBeUndefined();
});

test("a push that wrote another manifest arrived, and so did one that had nothing to write", async () => {
  const path = folder();
  fill(path);
  const writes = () => fill(path, MANIFEST.replace("lock0", "lock1"));
  const transport = over(path, serverThatSays(path, { seen: "old", pushed: "new", writes }), "old");
  await transport.fetch();
  expect(await transport.push(REQUEST)).toBe("new");

  const again = over(path, serverThatSays(path, { seen: "new", pushed: "new" }), "new");
  await again.fetch();
  expect(await again.push(REQUEST)).toBe("new");
});

test("a folder without a store is refused where something was there, and believed where the server knows nothing either", async () => {
  const path = folder();
  const remembers = serverThatSays(path, { seen: "old", pushed: "old" });
  await expect(over(path, remembers, "old").fetch()).rejects.toMatchObject({ code: "REMOTE_LOST" });
  await expect(over(path, remembers).push(REQUEST)).rejects.toMatchObject({ code: "REMOTE_STALE" });
  expect(await over(path, serverThatSays(path, {})).fetch()).toBeUndefined();
});

test("a fetch asks no server about a folder without a store, and a push fills neither a foreign nor an unnamed missing one", async () => {
  const path = folder();
  const server = { ...serverThatSays(path, {}), fetch: async () => expect.fail("the server was asked") };
  expect(await over(path, server).fetch()).toBeUndefined();
  writeFileSync(join(path, "letter.txt"), "");
  await expect(over(path, server).push(REQUEST)).rejects.toMatchObject({ code: "REMOTE_NO_STORE" });
  rmSync(path, { recursive: true });
  await expect(over(path, server).push(REQUEST)).rejects.toMatchObject({ code: "REMOTE_NO_STORE" });
});

test("a folder that is emptied between the look and the push is refused", async () => {
  const path = folder();
  fill(path);
  const transport = over(path, serverThatSays(path, { seen: "old", pushed: "new" }), "old");
  await transport.fetch();
  rmSync(path, { recursive: true });
  await expect(transport.push(REQUEST)).rejects.toMatchObject({ code: "REMOTE_LOST" });
});

test("a store that a push leaves without its files is damaged", async () => {
  const path = folder();
  fill(path);
  const writes = () => rmSync(join(path, FILES[1]));
  const transport = over(path, serverThatSays(path, { seen: "old", pushed: "new", writes }), "old");
  await transport.fetch();
  await expect(transport.push(REQUEST)).rejects.toMatchObject({
    code: "REMOTE_DAMAGED",
    details: { missing: [FILES[1]] },
  });
});

test.each([
  ["a pipe", (path: string) => execFileSync("mkfifo", [path])],
  ["a device that never ends", (path: string) => symlinkSync("/dev/zero", path)],
  ["larger than any manifest", (path: string) => writeFileSync(path, Buffer.alloc(2 * 1024 * 1024, "5"))],
])("what is called manifest and is %s is neither waited for nor shown to the server", async (_what, make) => {
  const path = folder();
  make(join(path, "manifest"));
  const server = { ...serverThatSays(path, {}), fetch: async () => expect.fail("the server was asked") };
  await expect(over(path, server).fetch()).rejects.toMatchObject({ code: "REMOTE_DAMAGED" });
  await expect(over(path, server).push(REQUEST)).rejects.toMatchObject({ code: "REMOTE_DAMAGED" });
});

test("of a manifest of another version only the presence is known", () => {
  const path = folder();
  writeFileSync(join(path, "manifest"), "6:nothing:that:we:know");
  expect(viewFolder(path)).toMatchObject({ kind: "store" });
});
