import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod/mini";
import { fencedBlocks, readDocuments, transcripts } from "../support/documents.ts";
import { needs } from "../support/needs.ts";
import { missingProgram, nixFixtures, temporaryFolder } from "../support/nix.ts";
import { storeOf, switchHome } from "../support/nix-machine.ts";
import { makeProjectFlake, type ProjectFlake } from "../support/nix-project.ts";
import { systemdObstacle, testMachine } from "../support/user-systemd.ts";

const runs = [needs("nix", missingProgram("nix", "nix-instantiate", "git")), needs("systemd", systemdObstacle())].every(
  Boolean,
);

const document = readDocuments().find(({ path }) => path === "docs/deploy-nix.md") ?? { path: "", text: "" };
const [flakeNix = "", homeNix = "", sopsInputs = "", sopsOutputs = "", sopsModules = "", sopsHome = "", mac = ""] =
  fencedBlocks(document, "nix").map((lines) => lines.join("\n"));
const [, passwordLines = ""] = fencedBlocks(document, "sh").map((lines) => lines.join("\n"));

let project: ProjectFlake;
beforeAll(() => {
  if (runs) project = makeProjectFlake();
});
afterAll(() => project?.remove());

test("the configuration of docs/deploy-nix.md serves bd, through a crash, and pushes", async () => {
  const machine = testMachine();
  const { files } = Home.parse(await evaluateConfiguration({ "flake.nix": flakeNix, "home.nix": homeNix }));
  const store = storeOf(machine);
  const onMachine = (text: string) => text.replaceAll("/home/ann", machine.home).replaceAll("/nix/store", store);
  switchHome(machine, {
    files: Object.fromEntries(Object.entries(files).map(([path, text]) => [path, onMachine(text)])),
  });

  // An editor that writes what is typed into it.
  machine.write("editor", '#!/bin/sh\necho s3cret >"$1"\n', 0o755);
  const steps = transcripts(document);
  const lines = steps.map(({ line }) => `echo '@@'\n${line.replace("tracker.example.test", "127.0.0.1")}`);
  machine.write("check.sh", lines.join("\n"));
  const { stdout } = await machine.run(`
    ${REMOTE}
    export EDITOR="$HOME/editor"
    ${passwordLines}
    bash -lic '. "$HOME/check.sh"'
    echo "@@$(stat -c %a .config/beads/remote-password)"
    dolt --host 127.0.0.1 --port 3309 --user root --password SECRET --no-tls --use-db shop sql -r csv -q "SELECT title FROM issues"`);

  const [, ...printed] = stdout
    .replaceAll(machine.home, "/home/ann")
    .replaceAll("127.0.0.1:8080", "tracker.example.test:8080")
    .split("@@");
  expect(printed.map(withoutHashes)).toEqual([
    ...steps.map(({ output }) => withoutHashes(output === "" ? "\n" : `\n${output}\n`)),
    "600\ntitle\nPaint the door\n",
  ]);
});

/** Somebody else's server with a password, as docs/federation.md sets one up. */
const REMOTE = `
  mkdir remote
  DOLT_ROOT_PASSWORD=SECRET dolt sql-server --port 3309 --remotesapi-port 8080 --data-dir remote >remote.log 2>&1 &
  export DOLT_CLI_PASSWORD=SECRET
  sql="CREATE DATABASE shop; CREATE USER ann IDENTIFIED BY 's3cret'; GRANT ALL ON *.* TO ann;"
  wait_for dolt --host 127.0.0.1 --port 3309 --user root --no-tls sql -q "$sql"
  unset DOLT_CLI_PASSWORD`;

test("the variant with sops-nix takes the password from there", async () => {
  const flake = insert(flakeNix, sopsInputs, /^ *beads\.inputs.*\n/m)
    .replace(/^ *outputs = .*$/m, sopsOutputs)
    .replace(/^ *modules = .*$/m, sopsModules);
  const home = homeNix.replace(/^ *remotePasswordFile = .*\n/m, "").replace(/\n}$/, `\n${sopsHome}\n}`);
  const { files } = Home.parse(
    await evaluateConfiguration({ "flake.nix": flake, "home.nix": home, "secrets.yaml": "encrypted" }, ["sops-nix"]),
  );

  const path = "/home/ann/.config/sops-nix/secrets/dolt_remote_password";
  expect(files["hm-session-vars.sh"]).toBe(
    `export DOLT_REMOTE_PASSWORD_FILE="${path}"\nexport DOLT_REMOTE_USER="ann"\n`,
  );
});

test("the line for a Mac leaves bd alone there", async () => {
  const onMac = { "flake.nix": flakeNix.replace("x86_64-linux", "aarch64-darwin"), "home.nix": homeNix };
  const withLine = { ...onMac, "home.nix": homeNix.replace(/\n}$/, `\n${mac}\n}`) };

  await expect(evaluateConfiguration(onMac)).rejects.toThrow("CUSTOM.services.dolt-server runs on Linux only");
  const { files } = Home.parse(await evaluateConfiguration(withLine));
  expect(Object.keys(files)).toEqual([".bashrc", ".config/fish/config.fish", ".zshrc", "hm-session-vars.sh"]);
});

test("the package gets the hash", async () => {
  const apply =
    "home: (builtins.head (builtins.filter (p: p ? arguments) home.config.home.packages)).arguments.npmDepsHash";

  expect(await evaluateConfiguration({ "flake.nix": flakeNix, "home.nix": homeNix }, [], apply)).toBe("sha256-HASH");
});

test("without the overlay there is a warning, and without the module Nix knows no CUSTOM", async () => {
  const unlaid = { "flake.nix": flakeNix.replace(/^ *overlays = [^;]*;[^;]*; }\)\n *\];\n/m, ""), "home.nix": homeNix };
  const unknown = { "flake.nix": flakeNix.replace("beads.homeModules.default ", ""), "home.nix": homeNix };

  expect(Home.parse(await evaluateConfiguration(unlaid)).warnings.join()).toContain("which is another program here");
  await expect(evaluateConfiguration(unknown)).rejects.toThrow("The option `CUSTOM' does not exist");
});

const withoutHashes = (text: string) => text.replaceAll(/(local|remote) [0-9a-v]{8}\b/g, "$1 HASH");

const Home = z.object({ files: z.record(z.string(), z.string()), warnings: z.array(z.string()) });

/** Evaluates `homeConfigurations.ann` of a folder with these files, with stand-ins for what others publish. */
async function evaluateConfiguration(
  files: Readonly<Record<string, string>>,
  furtherInputs: readonly string[] = [],
  apply = "home: { inherit (home.config) files warnings; }",
): Promise<unknown> {
  const folder = join(temporaryFolder(), "home-manager");
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const inputs = ["home-manager", ...furtherInputs].map((name) => [name, `path:${nixFixtures}/${name}`]);
  const home = await project.run(
    ["eval", "--json", `path:${folder}#homeConfigurations.ann`, "--apply", apply],
    Object.fromEntries([...inputs, ["beads", project.url]]),
  );
  return JSON.parse(home);
}

/** The text with lines after those that match. */
function insert(text: string, lines: string, after: RegExp): string {
  return text.replace(after, (matched) => `${matched}${lines}\n`);
}
