import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fencedBlocks } from "../support/documents.ts";
import { doltBinary } from "../support/dolt-binary.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { securitySection } from "../support/roles.ts";
import { BD_PATH } from "../support/run-bd.ts";

let server: PrivateDolt;
let home: string;

beforeAll(async () => {
  server = await startPrivateDolt();
  home = mkdtempSync(join(tmpdir(), "bd-log-in-"));
  mkdirSync(join(home, "bin"));
  symlinkSync(doltBinary(), join(home, "bin/dolt"));
  writeFileSync(join(home, "bin/bd"), `#!/bin/sh\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`);
  chmodSync(join(home, "bin/bd"), 0o755);
});

afterAll(async () => {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Types lines into a shell that stops at the first one that fails. */
async function type(...lines: readonly string[]): Promise<string> {
  const env = {
    PATH: `${join(home, "bin")}:${process.env["PATH"]}`,
    HOME: home,
    BEADS_ACTOR: "ann",
    BEADS_DOLT_SERVER_PORT: String(server.port),
    DOLT_DISABLE_EVENT_FLUSH: "true",
  };
  const text = ["set -e", ...lines].join("\n").replaceAll("3307", String(server.port));
  const { stdout } = await promisify(execFile)("sh", ["-c", text], { cwd: home, env });
  return stdout;
}

const shellBlocks = (heading: string) => fencedBlocks(securitySection(heading), "sh").map((lines) => lines.join("\n"));

test("docs/security.md, followed from the top, ends with an agent that works in a project which an admin made", async () => {
  const statements = fencedBlocks(securitySection("Agent"), "sql")[0] ?? [];
  writeFileSync(join(home, "agent.sql"), statements.join("\n"));
  await type(...shellBlocks("A password for root"));
  const printed = await type(...shellBlocks("Three roles"));
  expect(printed).toContain("GRANT SELECT, INSERT, UPDATE, DELETE ON `beads_club`.* TO `agent`@`%`");

  const [files = "", ...lines] = shellBlocks("Log in");
  const ini = fencedBlocks(securitySection("Log in"), "ini")[0]?.join("\n").replace("3307", String(server.port)) ?? "";
  await type(files);
  writeFileSync(join(home, ".config/beads/credentials"), `${ini}\n`);
  writeFileSync(join(home, ".config/beads/root"), `${ini.replace("AGENT", "ROOT")}\n`);
  await type(...lines);

  expect(await type("cd club", 'bd create "Fix the login" --id club-1')).toContain("Created issue: club-1");
  expect(readFileSync(join(home, "club/.beads/metadata.json"), "utf8")).toContain('"dolt_server_user": "agent"');
  await expect(type("cd club", "bd dolt remote add origin file:///tmp/nowhere")).rejects.toMatchObject({ code: 4 });
});
