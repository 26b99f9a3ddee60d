import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findOnPath } from "../../../src/host/find-program.ts";
import { findOrInstallDolt } from "../../../src/server/dolt/install-dolt.ts";
import { fakeDolt, fakeProgram } from "../../support/fake-program.ts";
import { listenOnLoopback } from "../../support/listen-on-loopback.ts";
import { freePort } from "../../support/private-dolt.ts";
import { type TestEnvironment, testEnvironment } from "../../support/server-environment.ts";

const ARCHIVE_PATH = "/releases/v1.83.2/dolt-linux-amd64.tar.gz";

let environment: TestEnvironment;
let bin: string;
let server: Server | undefined;

beforeEach(async () => {
  const bare = testEnvironment({ platform: "linux", arch: "x64" });
  bin = join(bare.home, "bin");
  mkdirSync(bin);
  environment = { ...bare, env: { ...bare.env, PATH: bin } };
  for (const tool of ["tar", "gzip", "mkdir", "chmod", "env"]) {
    symlinkSync((await findOnPath({ env: process.env }, tool)) ?? tool, join(bin, tool));
  }
});

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  environment.remove();
});

/** Serves releases on this machine and returns an environment that takes them from there. */
async function serving(answer: RequestListener): Promise<TestEnvironment> {
  server = createServer(answer);
  const releases = `http://127.0.0.1:${await listenOnLoopback(server)}/releases`;
  return { ...environment, env: { ...environment.env, BEADS_DOLT_RELEASE_URL: releases } };
}

/** A real release archive, whose dolt says that it is of this version. */
function archive(version = "1.83.2"): Buffer {
  const root = join(environment.home, "archive");
  const dolt = fakeDolt(join(root, "dolt-linux-amd64/bin/dolt"), version);
  appendFileSync(dolt, `# ${randomBytes(100_000).toString("base64")}\n`);
  return execFileSync("tar", ["-czf", "-", "-C", root, "dolt-linux-amd64"]);
}

function cacheEntries(): readonly string[] {
  return readdirSync(join(environment.home, ".cache/beads/dolt"));
}

describe("installing dolt from the release archive", () => {
  it("shows the URL, unpacks, checks, and keeps the binary in our cache", async () => {
    const body = archive();
    const asked: (string | undefined)[] = [];
    const local = await serving((request, response) => {
      asked.push(request.url);
      response.end(body);
    });

    const dolt = await findOrInstallDolt(local);

    const path = join(environment.home, ".cache/beads/dolt/1.83.2/dolt");
    expect(dolt).toEqual({ path, version: "1.83.2", source: "cache" });
    expect(execFileSync(path, { encoding: "utf8" })).toBe("dolt version 1.83.2\n");
    expect(asked).toEqual([ARCHIVE_PATH]);
    expect(environment.said).toEqual([
      "No dolt on PATH",
      `No usable dolt in our cache (${path})`,
      `Downloading ${local.env.BEADS_DOLT_RELEASE_URL}/v1.83.2/dolt-linux-amd64.tar.gz`,
      "No checksum of this archive is known: HTTPS and the version that dolt says are all that is checked (BEADS_DOLT_RELEASE_SHA256 names one)",
      "Unpacking it",
      `Installed dolt 1.83.2: ${path}`,
    ]);
    expect(cacheEntries()).toEqual(["1.83.2"]);
  });

  it("unpacks only the archive that has the named checksum", async () => {
    const body = archive();
    const local = await serving((_, response) => void response.end(body));
    const digest = createHash("sha256").update(body).digest("hex");
    const named = (sum: string) => ({ ...local, env: { ...local.env, BEADS_DOLT_RELEASE_SHA256: sum } });

    await expect(findOrInstallDolt(named("0".repeat(64)))).rejects.toMatchObject({
      kind: "unavailable",
      code: "DOLT_ARCHIVE_DIFFERS",
      message: expect.stringContaining(digest),
    });
    expect(cacheEntries()).toEqual([]);
    await expect(findOrInstallDolt(named("1234"))).rejects.toMatchObject({ code: "DOLT_DIGEST_INVALID" });
    expect(await findOrInstallDolt(named(digest.toUpperCase()))).toMatchObject({ version: "1.83.2" });
  });

  it("downloads nothing when it is called again", async () => {
    const body = archive();
    let requests = 0;
    const local = await serving((_request, response) => {
      requests++;
      response.end(body);
    });

    const first = await findOrInstallDolt(local);
    const second = await findOrInstallDolt(local);

    expect(second).toEqual(first);
    expect(requests).toBe(1);
  });

  it("follows a redirect on this machine", async () => {
    const body = archive();
    const local = await serving((request, response) => {
      if (request.url === ARCHIVE_PATH) response.writeHead(302, { location: "/stored/elsewhere" }).end();
      else response.end(body);
    });

    expect((await findOrInstallDolt(local)).version).toBe("1.83.2");
  });

  it("does not follow a redirect away from HTTPS", async () => {
    const local = await serving((_request, response) => {
      response.writeHead(302, { location: "http://mirror.example/dolt.tar.gz" }).end();
    });

    await expect(findOrInstallDolt(local)).rejects.toMatchObject({
      code: "DOLT_DOWNLOAD_FAILED",
      message: expect.stringContaining("it leads to http://mirror.example, which is not HTTPS"),
    });
  });

  it("does not redirect for ever", async () => {
    const local = await serving((_request, response) => response.writeHead(302, { location: ARCHIVE_PATH }).end());

    await expect(findOrInstallDolt(local)).rejects.toMatchObject({
      message: expect.stringContaining("it redirects more than 10 times"),
    });
  });

  it("names the URL that does not exist", async () => {
    const local = await serving((_request, response) => response.writeHead(404).end("not found"));

    await expect(findOrInstallDolt(local)).rejects.toMatchObject({
      kind: "unavailable",
      code: "DOLT_DOWNLOAD_FAILED",
      message: `There is no such file: ${local.env.BEADS_DOLT_RELEASE_URL}/v1.83.2/dolt-linux-amd64.tar.gz (HTTP 404)`,
    });
    expect(cacheEntries()).toEqual([]);
  });

  it("refuses a truncated archive and leaves nothing behind", async () => {
    const body = archive();
    const local = await serving((_request, response) => response.end(body.subarray(0, body.length / 2)));

    await expect(findOrInstallDolt(local)).rejects.toMatchObject({ kind: "unavailable", code: "DOLT_ARCHIVE_BROKEN" });
    expect(cacheEntries()).toEqual([]);
  });

  it("refuses a download that breaks off", async () => {
    const body = archive();
    const local = await serving((_request, response) => {
      response.writeHead(200, { "content-length": body.length });
      response.write(body.subarray(0, 1000), () => response.destroy());
    });

    await expect(findOrInstallDolt(local)).rejects.toMatchObject({ kind: "unavailable", code: "DOLT_DOWNLOAD_FAILED" });
    expect(cacheEntries()).toEqual([]);
  });

  it("refuses an archive that holds another version", async () => {
    const body = archive("1.50.0");
    const local = await serving((_request, response) => response.end(body));

    await expect(findOrInstallDolt(local)).rejects.toMatchObject({ code: "DOLT_ARCHIVE_BROKEN" });
    expect(cacheEntries()).toEqual([]);
  });

  it("says that nobody listens behind the URL", async () => {
    const env = { ...environment.env, BEADS_DOLT_RELEASE_URL: `http://127.0.0.1:${await freePort()}` };

    await expect(findOrInstallDolt({ ...environment, env })).rejects.toMatchObject({
      code: "DOLT_DOWNLOAD_FAILED",
      details: { reason: "ECONNREFUSED" },
    });
  });

  it("says that tar is missing", async () => {
    const body = archive();
    const local = await serving((_request, response) => response.end(body));
    const env = { ...local.env, PATH: join(environment.home, "empty") };

    await expect(findOrInstallDolt({ ...local, env })).rejects.toMatchObject({ code: "TAR_NOT_FOUND" });
  });

  it.each([
    ["http://mirror.example/releases", "DOLT_DOWNLOAD_FAILED"],
    ["no URL", "DOLT_RELEASE_URL_INVALID"],
    ["https://ada:secret@mirror.example/releases", "DOLT_RELEASE_URL_INVALID"],
  ])("refuses %s as the place of releases, and shows no password", async (url, code) => {
    const env = { ...environment.env, BEADS_DOLT_RELEASE_URL: url };

    const error: unknown = await findOrInstallDolt({ ...environment, env }).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code });
    expect(JSON.stringify([error, String(error), environment.said])).not.toContain("secret");
  });

  it("refuses a platform that has no archive", async () => {
    await expect(findOrInstallDolt({ ...environment, arch: "riscv64" })).rejects.toMatchObject({
      code: "DOLT_PLATFORM_UNSUPPORTED",
      message: "There is no dolt release archive that we know for linux on riscv64",
    });
  });

  it("ends at Ctrl-C and leaves nothing behind", async () => {
    const controller = new AbortController();
    const local = await serving((_request, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("some", () => controller.abort());
    });

    await expect(findOrInstallDolt({ ...local, signal: controller.signal })).rejects.toMatchObject({
      kind: "interrupted",
    });
    expect(cacheEntries()).toEqual([]);
  });

  it("removes what an install that was killed has left", async () => {
    mkdirSync(join(environment.home, ".cache/beads/dolt/work-4194305-abc/gopath"), { recursive: true });
    const body = archive();
    const local = await serving((_request, response) => response.end(body));

    await findOrInstallDolt(local);

    expect(cacheEntries()).toEqual(["1.83.2"]);
  });
});

/** A `go` that records how it was called and builds a dolt of that version. */
function fakeGo(version: string, failWith?: string): string {
  const log = join(environment.home, "go-calls");
  const fails =
    failWith === undefined ? "" : `case "$*" in *${failWith}*) echo "ld: cannot find -lc" >&2; exit 1;; esac`;
  fakeProgram(
    join(bin, "go"),
    [
      `echo "$*" >> ${log}`,
      `echo "$CGO_ENABLED $GOFLAGS $GOPROXY" >> ${log}`,
      fails,
      'mkdir -p "$GOBIN" "$GOPATH" "$GOCACHE"',
      `printf '#!/bin/sh\\necho dolt version ${version}\\n' > "$GOBIN/dolt"`,
      'chmod +x "$GOBIN/dolt"',
    ].join("\n"),
  );
  return log;
}

describe("building dolt with Go", () => {
  const module = "github.com/dolthub/dolt/go/cmd/dolt@v0.40.5-0.20260306010754-a1fdc83b8378";
  const staticCall = `install -tags gms_pure_go,timetzdata,netgo,osusergo -ldflags -s -w -linkmode external -extldflags "-static" ${module}`;
  const plainCall = `install -tags gms_pure_go,timetzdata,netgo,osusergo -ldflags -s -w ${module}`;

  beforeEach(() => {
    environment = { ...environment, env: { ...environment.env, BEADS_DOLT_OBTAIN: "build" } };
  });

  it("builds one static binary, keeps the person's Go settings, and leaves only the binary", async () => {
    const log = fakeGo("1.83.2");
    const env = { ...environment.env, GOPROXY: "https://proxy.example", GOFLAGS: "-mod=mod" };

    const dolt = await findOrInstallDolt({ ...environment, env });

    expect(dolt.source).toBe("cache");
    expect(readFileSync(log, "utf8")).toBe(`${staticCall}\n1 -mod=mod -modcacherw https://proxy.example\n`);
    expect(cacheEntries()).toEqual(["1.83.2"]);
    expect(existsSync(join(environment.home, "go"))).toBe(false);
  });

  it("builds a plain binary on macOS", async () => {
    const log = fakeGo("1.83.2");

    await findOrInstallDolt({ ...environment, platform: "darwin" });

    expect(readFileSync(log, "utf8").split("\n")[0]).toBe(plainCall);
  });

  it("builds a plain binary where the static C library is missing, and says why", async () => {
    const log = fakeGo("1.83.2", "-static");

    await findOrInstallDolt(environment);

    expect(readFileSync(log, "utf8").split("\n")[2]).toBe(plainCall);
    expect(environment.said).toContain("  ld: cannot find -lc");
  });

  it("takes the release archive when Go fails, and says so", async () => {
    fakeGo("1.83.2", "install");
    const body = archive();
    const local = await serving((_request, response) => response.end(body));

    expect((await findOrInstallDolt(local)).version).toBe("1.83.2");
    expect(environment.said).toContain("Taking the release archive instead");
  });

  const nobody = async () => `http://127.0.0.1:${await freePort()}/releases`;

  it("is the way out where the release can't be had, and says why", async () => {
    const log = fakeGo("1.83.2");
    const url = await nobody();
    const env = { ...environment.env, BEADS_DOLT_OBTAIN: "", BEADS_DOLT_RELEASE_URL: url };

    expect((await findOrInstallDolt({ ...environment, env })).version).toBe("1.83.2");
    expect(readFileSync(log, "utf8")).toContain(staticCall);
    expect(environment.said).toContain(`Downloading ${url}/v1.83.2/dolt-linux-amd64.tar.gz failed (ECONNREFUSED)`);
  });

  it("is not the way out of an archive with another checksum", async () => {
    const log = fakeGo("1.83.2");
    const body = archive();
    const local = await serving((_request, response) => response.end(body));
    const env = { ...local.env, BEADS_DOLT_OBTAIN: "", BEADS_DOLT_RELEASE_SHA256: "0".repeat(64) };

    await expect(findOrInstallDolt({ ...local, env })).rejects.toMatchObject({ code: "DOLT_ARCHIVE_DIFFERS" });
    expect(existsSync(log)).toBe(false);
  });

  it("is not asked for where the release can be had", async () => {
    const log = fakeGo("1.83.2");
    const body = archive();
    const local = await serving((_request, response) => response.end(body));

    await findOrInstallDolt({ ...local, env: { ...local.env, BEADS_DOLT_OBTAIN: "" } });
    expect(existsSync(log)).toBe(false);
  });
});
