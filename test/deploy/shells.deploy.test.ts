import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { doltBinary } from "../support/dolt-binary.ts";
import { needs } from "../support/needs.ts";
import { evaluateHome, missingProgram, nixString, temporaryFolder, writeHome } from "../support/nix.ts";
import { type PrivateDolt, startPrivateDolt } from "../support/private-dolt.ts";
import { type RemoteServer, startRemoteServer } from "../support/remote-server.ts";
import { BD_PATH } from "../support/run-bd.ts";

const GENERATOR = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator";
const runs = [
  needs("nix", missingProgram("nix-instantiate")),
  needs("shells", missingProgram("bash", "zsh", "fish")),
  needs("systemd", existsSync(GENERATOR) ? undefined : `there is no ${GENERATOR}`),
].every(Boolean);

const PASSWORD = String.raw`it's "5" $HOME \n` + "`x` %r #1";
/** In a folder whose name has everything that a shell could take for its own. */
const FOLDER = String.raw`my "secrets" $HOME \n` + "`x` 'y' #1";

const SHELLS = ["bash", "zsh", "fish"];
/** What bash says because it has no terminal here. */
const WITHOUT_TERMINAL = /^bash: (cannot set terminal process group|no job control).*\n/gm;

describe.each(SHELLS)("an interactive %s", (shell) => {
  test.each([["with"], ["without"]])("has the password of a file that ends %s a line break", async (ending) => {
    const person = await makePerson();
    writeFileSync(person.file, ending === "with" ? `${PASSWORD}\n` : PASSWORD);

    expect(await person.shell(shell, "printenv DOLT_REMOTE_PASSWORD")).toBe(`${PASSWORD}\n`);
  });

  test("says nothing when the file is not there yet, or is none, and keeps what it inherits", async () => {
    const person = await makePerson();
    const line = 'echo "[$DOLT_REMOTE_PASSWORD]"';

    expect(await person.shell(shell, line)).toBe("[]\n");
    mkdirSync(person.file);
    expect(await person.shell(shell, line)).toBe("[]\n");
    expect(await person.shell(shell, line, { DOLT_REMOTE_PASSWORD: "from outside" })).toBe("[from outside]\n");
  });

  test("reads the file itself where `cat` is something else", async () => {
    const person = await makePerson({
      settings: `programs = {
        bash.initExtra = "alias cat='cat -n'";
        zsh.initContent = "alias cat='cat -n'";
        fish.interactiveShellInit = "alias cat='cat -n'";
      };`,
    });
    writeFileSync(person.file, PASSWORD);

    expect(await person.shell(shell, "printenv DOLT_REMOTE_PASSWORD")).toBe(`${PASSWORD}\n`);
  });

  test("finds what sops-nix puts into the folder of the login", async () => {
    const person = await makePerson({ sopsPath: "%r/secrets.d/pass word" });
    const runtime = join(person.home, "run $1");
    mkdirSync(join(runtime, "secrets.d"), { recursive: true });
    writeFileSync(join(runtime, "secrets.d/pass word"), PASSWORD);

    const printed = await person.shell(shell, "printenv DOLT_REMOTE_PASSWORD", { XDG_RUNTIME_DIR: runtime });
    expect(printed).toBe(`${PASSWORD}\n`);
  });
});

test("the path of the password, whatever is in it, reaches login shells and what the desktop starts", async () => {
  const person = await makePerson({ port: 3310 });

  for (const variables of [await person.login(), await person.session()]) {
    expect(variables).toMatchObject({
      DOLT_REMOTE_USER: "up",
      DOLT_REMOTE_PASSWORD_FILE: person.file,
      BEADS_DOLT_SERVER_PORT: "3310",
    });
    expect(variables).not.toHaveProperty("BEADS_DOLT_SERVER_HOST");
  }
});

test("the folder of the login is named in the session too", async () => {
  const person = await makePerson({ sopsPath: "%r/secrets.d/pass word" });

  const path = "/run/user/7/secrets.d/pass word";
  expect(await person.login()).toHaveProperty("DOLT_REMOTE_PASSWORD_FILE", path);
  expect(await person.session()).toHaveProperty("DOLT_REMOTE_PASSWORD_FILE", path);
});

describe("bd dolt push", () => {
  let remote: RemoteServer;
  let server: PrivateDolt;
  beforeAll(async () => {
    if (runs) [remote, server] = await Promise.all([startRemoteServer(PASSWORD), startPrivateDolt()]);
  });
  afterAll(() => Promise.all([remote?.stop(), server?.stop()]));

  test("finds the password in each shell, and by the file alone where no shell was", async () => {
    const person = await makePerson({ port: server.port });
    writeFileSync(person.file, `${PASSWORD}\n`, { mode: 0o600 });
    const PATH = `${installBd(person.home)}:${process.env["PATH"]}`;
    const session = { ...(await person.session()), PATH };
    await execute("sh", ["-c", "bd init --prefix nixpush -q"], session);
    await execute("sh", ["-c", `bd dolt remote add origin ${await remote.create("nixpush")} -q`], session);

    await execute("sh", ["-c", "bd create 'From an editor' -q && bd dolt push -q"], session);
    const { DOLT_REMOTE_PASSWORD_FILE: _file, ...withoutFile } = await person.login();
    for (const shell of SHELLS) {
      await person.shell(shell, `bd create "From ${shell}" -q && bd dolt push -q`, { ...withoutFile, PATH });
    }

    const titles = await remote.sql("nixpush", "SELECT title FROM issues ORDER BY title");
    expect(titles.map((row) => row["title"])).toEqual(["From an editor", "From bash", "From fish", "From zsh"]);
  });

  test("says which file it could not find", async () => {
    const person = await makePerson({ port: server.port });
    const session = { ...(await person.session()), PATH: `${installBd(person.home)}:${process.env["PATH"]}` };
    await execute("sh", ["-c", "bd init --prefix nixnofile -q"], session);
    await execute("sh", ["-c", `bd dolt remote add origin ${await remote.create("nixnofile")} -q`], session);

    await expect(execute("sh", ["-c", "bd dolt push -q"], session)).rejects.toThrow(
      `${person.file}, which DOLT_REMOTE_PASSWORD_FILE names, can't be read (ENOENT)`,
    );
  });
});

interface Person {
  /** With a space in it. */
  readonly home: string;
  /** Of the password; not there yet. */
  readonly file: string;
  /** Runs a line in an interactive shell that has read what the modules wrote for it. */
  shell(name: string, line: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** The environment after hm-session-vars.sh. */
  login(): Promise<Record<string, string>>;
  /** The environment of the user manager, by environment.d. */
  session(): Promise<Record<string, string>>;
}

async function makePerson({ settings = "", port = 3307, sopsPath = "" } = {}): Promise<Person> {
  const home = join(temporaryFolder(), "home of ann");
  const file = join(home, FOLDER, "password");
  mkdirSync(join(file, ".."), { recursive: true });
  const source =
    sopsPath === ""
      ? `remotePasswordFile = ${nixString(file)};`
      : 'secrets = { enable = true; sopsFile = "/s.yaml"; };';
  const secret = sopsPath === "" ? "" : `sops.secrets.dolt_remote_password.path = ${nixString(sopsPath)};`;
  const evaluation = await evaluateHome({
    settings: `{ lib, ... }: { config = lib.mkMerge [
      {
        CUSTOM.programs.beads = { enable = true; federation = { remoteUser = "up"; ${source} }; };
        CUSTOM.services.dolt-server.port = ${port};
        programs = { bash.enable = true; zsh.enable = true; fish.enable = true; };
        ${secret}
      }
      { ${settings} }
    ]; }`,
    home,
    withSops: sopsPath !== "",
  });
  writeHome(home, evaluation);
  const env = { HOME: home, XDG_RUNTIME_DIR: "/run/user/7", USER: "ann" };
  const environmentAfter = async (line: string) => {
    const printed = await execute("sh", ["-c", `set -a; ${line}; env -0`], env);
    const pairs = printed.split("\0").filter((pair) => pair !== "");
    return Object.fromEntries(pairs.map((pair) => [pair.replace(/=.*/s, ""), pair.replace(/^.*?=/s, "")]));
  };
  return {
    home,
    file,
    shell: (name, line, more = {}) => execute(name, ["-ic", line], { HOME: home, ...more }),
    login: () => environmentAfter(". ./hm-session-vars.sh"),
    session: () => environmentAfter(`eval "$(${GENERATOR})"`),
  };
}

/** Puts bd into a folder for PATH, with dolt on its own PATH, as nix/package.nix does. */
function installBd(home: string): string {
  const [bin, dolt] = [join(home, "profile/bin"), join(home, "store/dolt/bin")];
  for (const folder of [bin, dolt]) mkdirSync(folder, { recursive: true });
  symlinkSync(doltBinary(), join(dolt, "dolt"));
  const bd = `#!/bin/sh\nPATH='${dolt}':"$PATH"\nexport PATH\nexec '${process.execPath}' '${BD_PATH}' "$@"\n`;
  writeFileSync(join(bin, "bd"), bd);
  chmodSync(join(bin, "bd"), 0o755);
  return bin;
}

/** Gives stdout; rejects with stderr when there is any. */
function execute(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const all = { PATH: process.env["PATH"] ?? "", TERM: "dumb", ...env };
    execFile(program, args, { env: all, cwd: env["HOME"] }, (error, stdout, stderr) => {
      const said = stderr.replaceAll(WITHOUT_TERMINAL, "");
      if (error === null && said === "") resolve(stdout);
      else reject(new Error(`${program} ${args.join(" ")}: ${said}${stdout}`, { cause: error }));
    });
  });
}
