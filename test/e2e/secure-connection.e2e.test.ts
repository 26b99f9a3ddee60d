import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { makeWorkspace, type TestWorkspace } from "../support/workspace.ts";

const PASSWORD = "correct horse 'battery' staple";

let folder: string;
let certificate: string;
let server: PrivateDolt;
let workspace: TestWorkspace;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bd-tls-"));
  certificate = join(folder, "cert.pem");
  const key = join(folder, "key.pem");
  makeCertificate({ key, certificate, names: "DNS:localhost,IP:127.0.0.1" });
  server = await startPrivateDolt({ listener: { tls_key: key, tls_cert: certificate } });
  workspace = await makeWorkspace({ port: server.port });
  const admin = await createConnection({ host: server.host, port: server.port, user: "root" });
  await admin.query("CREATE USER 'carol'@'%' IDENTIFIED BY ?", [PASSWORD]);
  await admin.query("GRANT ALL ON *.* TO 'carol'@'%'");
  await admin.end();
});
afterAll(async () => {
  await workspace.remove();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function makeCertificate(to: { readonly key: string; readonly certificate: string; readonly names: string }): void {
  execFileSync(
    "openssl",
    [
      ["req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
      ["-subj", "/CN=localhost", "-addext", `subjectAltName=${to.names}`],
      ["-keyout", to.key, "-out", to.certificate],
    ].flat(),
    { stdio: "ignore" },
  );
}

const carol = (password: string): Record<string, string> => ({
  BEADS_DOLT_SERVER_USER: "carol",
  BEADS_DOLT_PASSWORD: password,
});
const encrypted = { BEADS_DOLT_SERVER_TLS: "true" };

test("a password logs in, with and without TLS", async () => {
  const trusting = { NODE_EXTRA_CA_CERTS: certificate };

  const plain = await workspace.bd(["create", "Over plain TCP"], { env: carol(PASSWORD) });
  // Node reads that variable when a process starts.
  const { done } = workspace.spawn(["create", "Over TLS"], { env: { ...carol(PASSWORD), ...encrypted, ...trusting } });
  const secure = await done;

  expect([plain.stderr, plain.code]).toEqual(["", 0]);
  expect([secure.stderr, secure.code]).toEqual(["", 0]);
  expect(await workspace.sql("SELECT title FROM issues ORDER BY title")).toEqual([
    { title: "Over TLS" },
    { title: "Over plain TCP" },
  ]);
});

test("a certificate for the host's name is accepted under that name", async () => {
  const env = { ...carol(PASSWORD), ...encrypted, NODE_EXTRA_CA_CERTS: certificate };

  const { done } = workspace.spawn(["list"], { env: { ...env, BEADS_DOLT_SERVER_HOST: "localhost" } });
  const { code, stderr } = await done;

  expect([stderr, code]).toEqual(["", 0]);
});

test("a certificate that nobody vouches for is refused", async () => {
  const { code, stdout, stderr } = await workspace.bd(["list"], { env: { ...carol(PASSWORD), ...encrypted } });

  expect(code).toBe(4);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/certificate/i);
});

test("a certificate of another host is refused at a bare address too, though somebody vouches for it", async () => {
  const key = join(folder, "other-key.pem");
  const other = join(folder, "other.pem");
  makeCertificate({ key, certificate: other, names: "DNS:other.example.test" });
  const imposter = await startPrivateDolt({ listener: { tls_key: key, tls_cert: other } });
  onTestFinished(() => imposter.stop());
  const env = { ...carol(PASSWORD), ...encrypted, NODE_EXTRA_CA_CERTS: other };

  const { done } = workspace.spawn(["list"], { env: { ...env, BEADS_DOLT_SERVER_PORT: String(imposter.port) } });
  const { code, stderr } = await done;

  expect(code).toBe(4);
  expect(stderr).toContain("no TLS with the server at 127.0.0.1");
  expect(stderr).toContain("127.0.0.1 is not in the cert's list");
});

test("a wrong password is refused, and shown nowhere", async () => {
  const { code, stdout, stderr } = await workspace.bd(["list"], { env: carol("wrong secret") });

  expect(code).toBe(4);
  expect(stderr).toContain("carol");
  expect(stdout + stderr).not.toContain("wrong secret");
});
