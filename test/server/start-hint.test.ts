import { expect, it } from "vitest";
import { startHint } from "../../src/server/start-hint.ts";

const somebody = { env: {}, home: "/home/ada" };

it("names bd where no unit is installed", () => {
  expect(startHint(somebody, () => false)).toBe("bd server start");
});

it.each([
  [{}, "/home/ada/.config/systemd/user/dolt-server.service"],
  [{ XDG_CONFIG_HOME: "/cfg" }, "/cfg/systemd/user/dolt-server.service"],
  [{}, "/etc/systemd/user/dolt-server.service"],
])("names systemctl where the unit is installed (%j, %s)", (env, unit) => {
  expect(startHint({ ...somebody, env }, (path) => path === unit)).toBe("systemctl --user start dolt-server");
});
