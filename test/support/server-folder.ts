import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A workspace that names a server and was never initialised there: for servers that are none of ours. */
interface ServerFolder {
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  remove(): void;
}

/** The caller removes it. */
export function makeFolder(port: number): ServerFolder {
  const root = mkdtempSync(join(tmpdir(), "bd-folder-"));
  const [dir, home] = [join(root, "project"), join(root, "home")];
  mkdirSync(join(dir, ".beads"), { recursive: true });
  mkdirSync(home);
  const metadata = { database: "dolt", backend: "dolt", dolt_mode: "server", dolt_database: "beads_x" };
  writeFileSync(join(dir, ".beads", "metadata.json"), JSON.stringify(metadata));
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    TZ: "UTC",
    BEADS_ACTOR: "tester",
    BEADS_DOLT_SERVER_PORT: String(port),
  };
  return { dir, env, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** The files of the workspace, each with its text. */
export function filesOf({ dir }: ServerFolder): Record<string, string> {
  const folder = join(dir, ".beads");
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
