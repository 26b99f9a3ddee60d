import { expect, it } from "vitest";
import { startHint } from "../../src/server/start-hint.ts";

const somebody = { env: {}, home: "/home/ada" };
const nothing = { exists: () => false, read: () => undefined };

it("names bd where no unit is installed", () => {
  expect(startHint(somebody, 3307, nothing)).toBe("bd server start");
  expect(startHint({ ...somebody, env: { BEADS_DOLT_PORT: "3391" } }, 3391, nothing)).toBe("bd server start");
});

it("names the port that only the project names, of which a server for the machine knows nothing", () => {
  expect(startHint(somebody, 3391, nothing)).toBe("BEADS_DOLT_SERVER_PORT=3391 bd server start");
});

it.each([
  [{}, "/home/ada/.config/systemd/user/dolt-server.service"],
  [{ XDG_CONFIG_HOME: "/cfg" }, "/cfg/systemd/user/dolt-server.service"],
  [{}, "/etc/systemd/user/dolt-server.service"],
])("names systemctl where the unit is installed (%j, %s)", (env, unit) => {
  const disk = { ...nothing, exists: (path: string) => path === unit };
  expect(startHint({ ...somebody, env }, 3307, disk)).toBe("systemctl --user start dolt-server");
});

it("names the status where the unit is enabled, because what starts by itself has failed", () => {
  const units = "/home/ada/.config/systemd/user";
  const files = [`${units}/dolt-server.service`, `${units}/default.target.wants/dolt-server.service`];
  const disk = { ...nothing, exists: (path: string) => files.includes(path) };
  expect(startHint(somebody, 3307, disk)).toBe("bd server status");
});

it("points at our own server where that runs on another port, and only then", () => {
  const record = JSON.stringify({ state: "running", pid: 7, host: "127.0.0.1", port: 3391 });
  const disk = {
    ...nothing,
    read: (path: string) => (path === "/home/ada/.beads/dolt/bd-server.pid" ? record : undefined),
  };
  expect(startHint(somebody, 3307, disk)).toBe("BEADS_DOLT_SERVER_PORT=3391 bd ping");
  expect(startHint(somebody, 3391, disk)).toBe("BEADS_DOLT_SERVER_PORT=3391 bd server start");
});
