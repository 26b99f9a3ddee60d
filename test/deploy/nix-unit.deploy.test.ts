import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { needs } from "../support/needs.ts";
import { evaluateHome, missingProgram, nixString, temporaryFolder, UNIT } from "../support/nix.ts";
import { linkedStore, storeOf, switchHome } from "../support/nix-machine.ts";
import { systemdObstacle, testMachine } from "../support/user-systemd.ts";

needs("nix", missingProgram("nix-instantiate"));
needs("shells", missingProgram("bash", "zsh", "fish"));
needs("systemd", systemdObstacle());

test.each([
  ["as it comes", ""],
  ["with odd paths", 'dataDir = "~/my \\"tracker\\" $1"; host = "::1";'],
])("systemd finds nothing wrong with the generated unit %s", async (_what, server) => {
  const folder = temporaryFolder();
  const store = linkedStore(join(folder, "store"), doltBinary());
  const { files } = await evaluateHome({
    settings: `{ CUSTOM.services.dolt-server = { enable = true; ${server} }; }`,
    home: join(folder, "home"),
    store,
  });
  const unit = join(folder, "dolt-server.service");
  writeFileSync(unit, files[UNIT] ?? "");

  expect(await analyze(folder, ["verify", "--recursive-errors=no", unit])).toEqual({ code: 0, output: "" });
  expect(await analyze(folder, ["security", "--offline=true", "--threshold=80", unit])).toMatchObject({ code: 0 });
});

test("the generated unit serves bd in every fresh shell, comes back after kill -9 and after a new login", async () => {
  const machine = testMachine();
  const home = await evaluateHome({
    settings: `{
      CUSTOM.programs.beads = {
        enable = true;
        federation = { remoteUser = "ann"; remotePasswordFile = ${nixString(join(machine.home, "pass word"))}; };
      };
      CUSTOM.services.dolt-server = { port = 3310; dataDir = "~/my \\"tracker\\" $1"; };
      programs = { bash.enable = true; zsh.enable = true; fish.enable = true; };
    }`,
    home: machine.home,
    store: storeOf(machine),
  });
  switchHome(machine, home);
  machine.write("pass word", "s3cret\n", 0o600);
  // An editor that the desktop starts knows what the user manager knows, and nothing of shells.
  machine.write(
    ".config/systemd/user/editor.service",
    "[Service]\nType=oneshot\nWorkingDirectory=%h/shop\nStandardOutput=truncate:%h/editor.log\n" +
      "ExecStart=/bin/sh -c 'bd ready && printenv DOLT_REMOTE_USER DOLT_REMOTE_PASSWORD_FILE'\n",
  );

  const first = await machine.run(`
    mkdir shop && cd shop
    bash -lc 'bd init --prefix shop -q && bd create "Still here" --id shop-1' >&2
    ls -A "$HOME/my \\"tracker\\" \\$1" >&2
    before=$(systemctl --user show -P MainPID dolt-server)
    kill -9 "$before"
    bash -lc 'bd create "After the crash" --id shop-2' >&2
    test "$(systemctl --user show -P MainPID dolt-server)" != "$before"
    export look='bd list --json; printenv DOLT_REMOTE_PASSWORD'
    seen() { grep -oE 'shop-[12]|s3cret' | sort -u | xargs; }
    bash -lic "$look" 2>/dev/null | seen
    zsh -ic "$look" | seen
    bash -lc 'fish -ic "$look"' | seen`);
  expect(first.stdout).toBe("s3cret shop-1 shop-2\n".repeat(3));

  const second = await machine.run(
    "cd shop; bash -lc 'bd ready' | grep -o 'shop-.' | sort; systemctl --user start editor",
  );
  expect(second.stdout).toBe("shop-1\nshop-2\n");
  expect(machine.read("editor.log")).toContain("shop-1");
  expect(machine.read("editor.log")).toContain(`ann\n${join(machine.home, "pass word")}\n`);
  expect(first.journal + second.journal).not.toContain("s3cret");
});

/** systemd-analyze as a person's: exit code, and all it says. */
function analyze(folder: string, [verb = "", ...args]: readonly string[]): Promise<{ code: number; output: string }> {
  const runtime = join(folder, "runtime");
  mkdirSync(runtime, { recursive: true });
  chmodSync(runtime, 0o700);
  const env = { PATH: process.env["PATH"] ?? "", HOME: folder, XDG_RUNTIME_DIR: runtime };
  return new Promise((resolve) => {
    const child = execFile("systemd-analyze", [verb, "--user", ...args], { env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}
