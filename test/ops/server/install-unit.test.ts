import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../config/temporary-folder.ts";
import { fakeDolt } from "../../support/fake-program.ts";
import { runBd } from "../../support/run-bd.ts";

test("the file of a remote's password is looked for in the folder of -C", async () => {
  const root = temporaryFolder({ "there/": "", "home/": "" });
  mkdirSync(join(root, "bin"));
  writeFileSync(join(root, "there/secret"), "x", { mode: 0o600 });
  const env = {
    HOME: join(root, "home"),
    BEADS_DOLT_BIN: fakeDolt(join(root, "bin/dolt"), "1.83.2"),
    PATH: process.env["PATH"] ?? "",
  };
  const line = ["-C", "there", "server", "install-unit", "--dry-run", "--remote-password-file", "secret", "--json"];
  const { code, stdout, stderr } = await runBd(line, { cwd: root, env });

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain(join(root, "there/secret"));
});
