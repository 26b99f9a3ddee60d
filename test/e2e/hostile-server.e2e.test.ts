import { expect, test } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-code.ts";
import {
  type AnswerHostility,
  type Hostility,
  type LoginHostility,
  startHostileServer,
} from "../support/hostile-server.ts";
import { spawnBd } from "../support/run-bd.ts";
import { filesOf, makeFolder } from "../support/server-folder.ts";

const LOGIN: readonly LoginHostility[] = [
  "asks for the password in clear",
  "offers its own public key",
  "offers its own public key for sha256",
  "asks for the old password",
  "greets with the terminal",
  "ends at the login",
];
/** What ends by a limit of time alone, so all of it waits side by side. */
const SILENT: readonly AnswerHostility[] = [
  "sends a packet without end",
  "sends rows without end",
  "sends columns without end",
  "announces a huge packet",
  "answers in pieces of nonsense",
  "falls silent in a packet",
  "falls silent after the login",
];
const ANSWERS: readonly AnswerHostility[] = [
  "asks for a file",
  "numbers its packets wrongly",
  "gives a length that is none",
  "speaks to the terminal",
  "gives text for numbers",
  "gives bytes for everything",
  "answers too much",
  "answers with nothing",
  "closes at the question",
];
const COMMANDS = [["list"], ["create", "T"], ["dolt", "pull"]] as const;
/** A command that needs longer hangs: it is killed, and the test fails. */
const HANGS_MS = 90_000;
const PASSWORD = "correct horse battery staple";
/** Of our own kinds; what is no bug, and no Ctrl-C. */
const ENDINGS = Object.entries(EXIT_CODES).flatMap(([kind, code]) =>
  kind === "internal" || kind === "interrupted" ? [] : [code],
);
const ENV = { BEADS_DOLT_RETRY_MAX: "1", BEADS_DOLT_PASSWORD: PASSWORD };

/** Runs a command against such a server, and looks at all that came of it. */
async function expectHarmless(hostility: Hostility, command: readonly string[]): Promise<void> {
  const server = await startHostileServer(hostility);
  const folder = makeFolder(server.port);
  try {
    const before = filesOf(folder);
    const { code, stdout, stderr } = await spawnBd([...command, "--json"], {
      cwd: folder.dir,
      env: { ...folder.env, ...ENV },
      timeoutMs: HANGS_MS,
    }).done;

    const what = `${hostility}: bd ${command.join(" ")} ended with ${code}`;
    expect(ENDINGS, `${what}\n${stdout}${stderr}`).toContain(code);
    expect(JSON.parse(stdout), what).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), schema_version: 1 });
    for (const text of [stdout, stderr, server.heard(), server.decrypted().join("\n")])
      expect(text, what).not.toContain(PASSWORD);
    expect(server.heard(), what).not.toContain("root:");
    expect(filesOf(folder), what).toEqual(before);
  } finally {
    folder.remove();
    await server.close();
  }
}

// Side by side, because what falls silent is waited for most of the time.
test.concurrent.each(
  [...LOGIN, ...ANSWERS].flatMap((hostility) => COMMANDS.map((command) => ({ hostility, command }))),
)(
  "a server that $hostility ends `bd $command` with an exit code of ours, without the password and without a file",
  ({ hostility, command }) => expectHarmless(hostility, command),
);

test.concurrent("a server that falls silent, or never ends, ends every command with an exit code of ours", async () => {
  const all = SILENT.flatMap((hostility) => COMMANDS.map((command) => expectHarmless(hostility, command)));
  await Promise.all(all);
}, 120_000);

test.concurrent.for([...LOGIN, ...ANSWERS])(
  "a server that %s sends nothing to the terminal",
  async (hostility, { onTestFinished }) => {
    const server = await startHostileServer(hostility);
    const folder = makeFolder(server.port);
    onTestFinished(async () => {
      folder.remove();
      await server.close();
    });

    const { stdout, stderr } = await spawnBd(["list"], {
      cwd: folder.dir,
      env: { ...folder.env, ...ENV },
      timeoutMs: HANGS_MS,
    }).done;

    const said = stderr.replaceAll("\r\n", "\n");
    expect(said).not.toMatch(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
    // What the driver has to say of it is no word of ours; on a busy machine, the wait for a connection is said.
    expect(said).toMatch(/^(?:no answer from .* yet, still trying .*\n)?Error: .*\n(?: {2}.*\n)*(?:Hint: bd .*\n)?$/);
    expect(stdout).toBe("");
  },
);
