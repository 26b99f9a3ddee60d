import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { needs } from "../support/needs.ts";
import { evaluateNix, missingProgram, nix, nixFixtures, temporaryFolder } from "../support/nix.ts";
import { makeProjectFlake, type ProjectFlake, projectFiles } from "../support/nix-project.ts";

const root = join(import.meta.dirname, "../..");
const runs = needs("nix", missingProgram("nix", "nix-instantiate", "git"));
const SYSTEMS = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];

test("every Nix file parses", async () => {
  const files = projectFiles().filter((path) => path.endsWith(".nix"));

  expect(files).toContain("flake.nix");
  for (const file of files) await nix("nix-instantiate", ["--store", "dummy://", "--parse", join(root, file)]);
});

test("no hash and no lock is invented", () => {
  const files = projectFiles().filter((path) => /(^|\/)flake\.lock$|\.nix$/.test(path));

  expect(files).not.toContain("flake.lock");
  expect(files.filter((file) => /sha(256|512)|fakeHash/.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

describe("the flake", () => {
  let flake: ProjectFlake;
  beforeAll(() => {
    if (runs) flake = makeProjectFlake();
  });
  afterAll(() => flake?.remove());

  test("passes nix flake check", async () => {
    await expect(flake.run(["flake", "check", "--no-build", flake.url])).resolves.toBe("");
  });

  test("offers the same on four systems", async () => {
    const offered = await evaluate("packages apps devShells checks", "builtins.mapAttrs (_: builtins.attrNames)");

    const perSystem = (...names: string[]) => Object.fromEntries(SYSTEMS.map((system) => [system, names]));
    expect(offered).toEqual([
      perSystem("beads", "default"),
      perSystem("beads", "default", "npm-deps-hash"),
      perSystem("default"),
      perSystem("modules", "package"),
    ]);
    expect(await evaluate("formatter overlays homeModules homeManagerModules", "builtins.attrNames")).toEqual([
      SYSTEMS,
      ["default"],
      ["beads", "default", "dolt-server"],
      ["beads", "default", "dolt-server"],
    ]);
  });

  /** What a function makes of each of some outputs. */
  const evaluate = (outputs: string, apply: string) =>
    Promise.all(
      outputs.split(" ").map(async (output) => {
        const printed = await flake.run(["eval", "--json", `${flake.url}#${output}`, "--apply", apply]);
        const value: unknown = JSON.parse(printed);
        return value;
      }),
    );
});

describe("the package", () => {
  const overlaid = `import ${nixFixtures}/nixpkgs { overlays = [ (import ${root}/nix/overlay.nix) ]; }`;
  const evaluate = (expression: string) => evaluateNix(["-E", `let pkgs = ${overlaid}; in ${expression}`]);

  test("takes the place of the Go program, and has dolt on the PATH of bd", async () => {
    expect(
      await evaluate("{ inherit (pkgs.beads) meta pname; inherit (pkgs.beads.arguments) makeWrapperArgs nodejs; }"),
    ).toEqual({
      pname: "beads",
      meta: {
        description: "Issue tracker for people and their coding agents, on a shared Dolt SQL server",
        license: { spdxId: "MIT" },
        mainProgram: "bd",
        platforms: ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"],
      },
      makeWrapperArgs: ["--prefix", "PATH", ":", "/nix/store/dolt/bin"],
      nodejs: "/nix/store/nodejs_24",
    });
  });

  test("names an address and a checksum for each package of npm", () => {
    const lockFile = join(temporaryFolder(), "package-lock.json");
    cpSync(join(root, "package-lock.json"), lockFile);
    execFileSync(process.execPath, [
      join(root, "nix/complete-npm-lock.mjs"),
      lockFile,
      "https://registry.example.test/",
    ]);

    const Lock = z.object({ packages: z.record(z.string(), z.record(z.string(), z.unknown())) });
    const { "": _self, ...packages } = Lock.parse(JSON.parse(readFileSync(lockFile, "utf8"))).packages;
    expect(Object.keys(packages).length).toBeGreaterThan(100);
    const incomplete = Object.values(packages).filter(
      ({ resolved, integrity }) =>
        !/^https:.*\.tgz$/.test(String(resolved)) || !String(integrity).startsWith("sha512-"),
    );
    expect(incomplete).toEqual([]);
    const addresses = ["node_modules/yaml", "node_modules/@types/node", "node_modules/string-width-cjs"];
    expect(addresses.map((path) => packages[path]?.["resolved"])).toEqual([
      "https://registry.example.test/yaml/-/yaml-2.9.1.tgz",
      "https://registry.example.test/@types/node/-/node-24.19.2.tgz",
      "https://registry.example.test/string-width/-/string-width-4.2.3.tgz",
    ]);
  });

  test("the script that prints the hash, and the build, complete the lock file", async () => {
    const folder = temporaryFolder();
    cpSync(join(root, "package-lock.json"), join(folder, "package-lock.json"));
    const script = z.string().parse(await evaluate("pkgs.beads.arguments.postPatch"));
    // Node and npm of this machine, and the script of this project, stand where Nix would put its own.
    const here = script
      .replaceAll("/nix/store/nodejs_24/bin/", "")
      .replace(/\S*complete-npm-lock\.mjs/, join(root, "nix/complete-npm-lock.mjs"));
    execFileSync("bash", ["-ec", here], { cwd: folder, env: { ...process.env, TMPDIR: folder } });

    const registry = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
    const lock = readFileSync(join(folder, "package-lock.json"), "utf8");
    expect(lock).toContain(`"resolved": "${new URL("yaml/-/yaml-2.9.1.tgz", registry).href}"`);
  });

  test("takes the hash of all downloads, and says how to get it where none is given", async () => {
    const given = '(pkgs.beads.override { npmDepsHash = "sha256-x"; }).arguments';

    expect(await evaluate(`[ ${given}.npmDepsHash (${given} ? npmDeps) ]`)).toEqual(["sha256-x", false]);
    const script = z.string().parse(await evaluate("pkgs.beads.arguments.npmDeps.script"));
    expect(() => execFileSync("bash", ["-c", script], { stdio: "pipe" })).toThrow(
      "beads: npmDepsHash is not given. `nix run CLONE#npm-deps-hash` prints it, docs/deploy-nix.md says where to.",
    );
  });

  test("builds from the files that it takes along, into a bd that runs", async () => {
    const files = z.array(z.string()).parse(await evaluate("pkgs.beads.arguments.src.files"));
    const folder = temporaryFolder();
    for (const file of files) cpSync(file, join(folder, file.slice(root.length)), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });

    run("npm", "run", "-s", "build");
    const Packed = z.array(z.object({ files: z.array(z.object({ path: z.string() })) }));
    const packed = Packed.parse(JSON.parse(run("npm", "pack", "--json", "--dry-run", "--ignore-scripts")));

    expect(run(process.execPath, "dist/bd.cjs", "--version")).toMatch(/^bd version \d/);
    expect(packed[0]?.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["dist/bd.cjs", "migrations/0001_create_issues.sql", "schemas/error.json", "LICENSE"]),
    );
  });
});
