import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { renderUnits, type UnitPlaces } from "../../../src/server/systemd/render-units.ts";
import { authorOf } from "../../../src/server/systemd/unit-files.ts";

const TEMPLATES = join(import.meta.dirname, "../../../systemd");

const USUAL: UnitPlaces = {
  dolt: "/usr/local/bin/dolt",
  host: "127.0.0.1",
  port: 3307,
  dataDir: "/home/ann/.beads/dolt",
  node: "/usr/local/bin/node",
  bd: "/usr/local/bin/bd",
};

async function textOf(name: string, places: UnitPlaces): Promise<string> {
  return (await renderUnits(TEMPLATES, places)).find((unit) => unit.name === name)?.text ?? "";
}

function shipped(name: string): string {
  return readFileSync(join(TEMPLATES, name), "utf8");
}

/** The settings of a unit, without comments. */
function settings(text: string): string {
  return text.replace(/^(#.*\n)*/, "").trim();
}

it("where all is in its usual place, the units are what the project ships", async () => {
  const places = { ...USUAL, remotePasswordFile: "/home/ann/.config/beads/remote-password" };
  const units = await renderUnits(TEMPLATES, places);
  expect(units.map(({ name }) => name)).toEqual([
    "dolt-server.service",
    "dolt-server.service.d/remote-password.conf",
    "bd-backup@.service",
    "bd-backup@.timer",
    "bd-daemon@.service",
    "bd-daemon@.socket",
    "bd-serve@.service",
  ]);
  const here = (text: string) =>
    settings(text)
      .replaceAll('"%h/.beads/dolt"', "/home/ann/.beads/dolt")
      .replace("=-%h", "=-/home/ann")
      .replace(":%h", ":/home/ann");
  for (const { name, text } of units) expect(settings(text)).toBe(here(shipped(name.replace(/^.*\//, ""))));
});

it.each([
  "127.0.0.1\nExecStartPre=/bin/sh -c id",
  "127.0.0.1 NODE_OPTIONS=--require=/repo/evil.cjs",
  "-oProxyCommand=id",
  "$(id)",
  "%h",
  "",
])("refuses %j as a host, whoever says it", async (host) => {
  await expect(renderUnits(TEMPLATES, { ...USUAL, host })).rejects.toMatchObject({ code: "UNIT_PATH_UNUSABLE" });
});

it.each([0, 65_536, 1.5, Number.NaN])("refuses %d as a port", async (port) => {
  await expect(renderUnits(TEMPLATES, { ...USUAL, port })).rejects.toMatchObject({ code: "UNIT_PATH_UNUSABLE" });
});

it("the drop-in starts the server as the unit does", () => {
  const command = /[^\s=]+ sql-server .*$/m;
  const commandOf = (name: string) => command.exec(shipped(name))?.[0];
  expect(commandOf("remote-password.conf")).toBe(commandOf("dolt-server.service"));
  expect(commandOf("remote-password.conf")).toMatch(/^\/usr\/local\/bin\/dolt sql-server /);
});

it("puts the places of the machine in, quoted for systemd", async () => {
  const places = { ...USUAL, dolt: "/opt/my $dolt", host: "0.0.0.0", port: 3308, dataDir: '/srv/50% "x"' };
  const unit = await textOf("dolt-server.service", places);
  expect(unit).toContain(
    '\nExecStart="/opt/my $dolt" sql-server --host 0.0.0.0 --port 3308 --data-dir "/srv/50%% \\"x\\"" --no-auto-commit\n',
  );
  expect(unit).toContain('\nExecStartPre=/bin/mkdir -p -m 0700 "/srv/50%% \\"x\\""\n');
  expect(unit).toContain('\nWorkingDirectory=-/srv/50%% "x"\n');
  const dropIn = await textOf("dolt-server.service.d/remote-password.conf", {
    ...places,
    remotePasswordFile: "/my %/p",
  });
  expect(dropIn).toContain("\nLoadCredential=dolt_remote_password:/my %%/p\n");
  expect(dropIn).toContain(' sh "/opt/my $$dolt" sql-server --host 0.0.0.0 --port 3308 ');
});

it("tells the backups where the server is, when that is unusual", async () => {
  expect(await textOf("bd-backup@.service", USUAL)).not.toContain("Environment");
  expect(await textOf("bd-backup@.service", { ...USUAL, host: "::1", port: 3308, bd: "/opt/b d" })).toMatch(
    /\nEnvironment=BEADS_DOLT_SERVER_HOST=::1\nEnvironment=BEADS_DOLT_SERVER_PORT=3308\n[^]*\nExecStart=\/usr\/local\/bin\/node "\/opt\/b d" export /,
  );
});

it.each([[{ dataDir: "/a\nExecStartPre=/bin/evil" }], [{ dolt: '/a"b' }], [{ node: "/a\\b" }]])(
  "refuses what no unit can say: %j",
  async (odd) => {
    await expect(renderUnits(TEMPLATES, { ...USUAL, ...odd })).rejects.toMatchObject({ code: "UNIT_PATH_UNUSABLE" });
  },
);

it("tells what it wrote from what somebody changed, and from what somebody else wrote", async () => {
  const unit = await textOf("dolt-server.service", USUAL);
  expect(authorOf(unit)).toBe("we");
  expect(authorOf(unit.replace("RestartSec=5", "RestartSec=6"))).toBe("edited");
  expect(authorOf(shipped("dolt-server.service"))).toBe("other");
});
