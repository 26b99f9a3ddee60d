import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { ENVIRONMENT_D, evaluateHome, missingProgram, nixFixtures, SESSION, UNIT } from "../support/nix.ts";

needs("nix", missingProgram("nix-instantiate"));

describe("the server", () => {
  const withServer = (server: string) => `{ CUSTOM.services.dolt-server = { enable = true; ${server} }; }`;

  test("is the unit of systemd/dolt-server.service with the paths of Nix", async () => {
    const shipped = readFileSync(join(import.meta.dirname, "../../systemd/dolt-server.service"), "utf8");
    const { files } = await evaluateHome({ settings: withServer("") });

    const paths: [string, string][] = [
      ["%h", "/home/alice"],
      ["/usr/local/bin/dolt", "/nix/store/dolt/bin/dolt"],
      ["/bin/mkdir", "/nix/store/coreutils/bin/mkdir"],
    ];
    expect(directives(files[UNIT] ?? "")).toEqual(
      directives(paths.reduce((text, [from, to]) => text.replaceAll(from, to), shipped)),
    );
  });

  test("can be had without bd", async () => {
    const home = await evaluateHome({ settings: withServer("port = 3308;") });

    expect([home.packages, home.files[SESSION]]).toEqual([["/nix/store/dolt"], ""]);
    expect(home.files[UNIT]).toContain("--port 3308");
  });

  test("takes another dolt, folder, address and port; the user is for clients alone", async () => {
    const home = await evaluateHome({
      settings: withServer(
        'package = (import <nixpkgs> { store = "/other"; }).dolt; dataDir = "/srv/my $dolt"; ' +
          'host = "fe80::1%eth0"; port = 3308; user = "ann";',
      ).replace("<nixpkgs>", `${nixFixtures}/nixpkgs`),
    });

    const unit = home.files[UNIT] ?? "";
    expect(unit).toContain(
      'ExecStart=/other/dolt/bin/dolt sql-server --host "fe80::1%%eth0" --port 3308 --data-dir "/srv/my $$dolt" --no-auto-commit\n',
    );
    expect(unit).toContain('ExecStartPre=/nix/store/coreutils/bin/mkdir -p -m 0700 "/srv/my $$dolt"\n');
    expect(unit).toContain("WorkingDirectory=-/srv/my $dolt\n");
    expect(unit).not.toMatch(/ann|--user|User=/);
  });

  test.each([
    ['"~/tracker"', "/home/alice/tracker"],
    ['"~"', "/home/alice"],
    ["/srv/dolt", "/srv/dolt"],
    ['"/srv/~/dolt"', "/srv/~/dolt"],
  ])("keeps its data in %s, as an absolute path", async (dataDir, absolute) => {
    const home = await evaluateHome({ settings: withServer(`dataDir = ${dataDir};`) });

    expect([home.dataDir, home.failed]).toEqual([absolute, []]);
    expect(home.files[UNIT]).toContain(`--data-dir "${absolute}"`);
  });

  test.each([
    ['dataDir = "beads/dolt";', "dataDir must be an absolute path, or begin with ~/."],
    ['dataDir = "/a\\nb";', "dataDir must be an absolute path, or begin with ~/."],
    ['dataDir = "/srv/100%";', "dataDir must be without %: Dolt makes no databases in such a folder."],
    ['dataDir = "/nix/store/x";', "dataDir must not be in the Nix store; write it as a string."],
    [
      "noAutoCommit = false;",
      "noAutoCommit must be true: with autocommit, the halves of a change of one client\ncould get into the commit of another.",
    ],
  ])("refuses %s", async (server, message) => {
    const { failed } = await evaluateHome({ settings: withServer(server) });

    expect(failed).toEqual([`CUSTOM.services.dolt-server.${message}`]);
  });

  test("refuses a port that there can't be", async () => {
    await expect(evaluateHome({ settings: withServer("port = 70000;") })).rejects.toThrow(
      "option `CUSTOM.services.dolt-server.port' is not of type `16 bit unsigned integer",
    );
  });

  test("is refused on macOS, where bd alone works", async () => {
    const refused = await evaluateHome({
      settings: "{ CUSTOM.programs.beads.enable = true; }",
      system: "aarch64-darwin",
    });
    const alone = await evaluateHome({
      settings: `{
        CUSTOM.programs.beads = { enable = true; federation.remoteUser = "bob"; };
        CUSTOM.services.dolt-server.enable = false;
      }`,
      system: "aarch64-darwin",
    });

    expect(refused.failed).toEqual([
      "CUSTOM.services.dolt-server runs on Linux only: it is a systemd unit.\n" +
        "Set CUSTOM.services.dolt-server.enable = false; on this machine `bd server start` starts a server.",
    ]);
    expect([alone.failed, alone.files[SESSION], alone.files[ENVIRONMENT_D]]).toEqual([
      [],
      'export DOLT_REMOTE_USER="bob"\n',
      undefined,
    ]);
  });
});

/** What a unit file says, in no order: `[Section] Key=value`, without the quotes that a value may have or not. */
function directives(unit: string): string[] {
  let section = "";
  const found: string[] = [];
  for (const line of unit.split("\n")) {
    if (line.startsWith("[")) section = line;
    else if (/^\w/.test(line)) found.push(`${section} ${line.replaceAll('"', "")}`);
  }
  return found.toSorted();
}
