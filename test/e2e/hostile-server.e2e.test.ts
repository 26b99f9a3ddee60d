import { expect, onTestFinished, test } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-code.ts";
import {
  type AnswerHostility,
  type HostileServer,
  type Hostility,
  type LoginHostility,
  startHostileServer,
} from "../support/hostile-server.ts";
import { spawnBd } from "../support/run-bd.ts";
import { stateOfFiles, type TestFolder, testFolder } from "../support/server-folder.ts";

const LOGIN: readonly LoginHostility[] = [
  "asks for the password in clear",
  "offers its own public key",
  "offers its own public key for sha256",
  "asks for the old password",
  "greets with the terminal",
  "ends at the login",
];
const ANSWERS: readonly AnswerHostility[] = [
  "asks for a file",
  "sends a packet without end",
  "sends rows without end",
  "sends columns without end",
  "announces a huge packet",
  "numbers its packets wrongly",
  "speaks to the terminal",
  "gives text for numbers",
  "gives bytes for everything",
  "answers too much",
  "answers with nothing",
  "answers in pieces of nonsense",
  "falls silent in a packet",
  "falls silent after the login",
  "closes at the question",
];
const COMMANDS = [["list"], ["create", "T"], ["dolt", "status"]] as const;
/** A command that needs longer hangs: it is killed, and the test fails. */
const HANGS_MS = 20_000;
const PASSWORD = "correct horse battery staple";
/** Of our own kinds; what is no bug, and no Ctrl-C. */
const ENDINGS = Object.entries(EXIT_CODES).flatMap(([kind, code]) =>
  kind === "internal" || kind === "interrupted" ? [] : [code],
);
/** Nothing of this is waited for where all is well: a server that says nothing is left to the limit of a packet. */
const ENV = { BEADS_DOLT_RETRY_MAX: "1", BEADS_DOLT_PACKET_LIMIT: "3", BEADS_DOLT_PASSWORD: PASSWORD };

async function hostile(hostility: Hostility): Promise<{ server: HostileServer; folder: TestFolder }> {
  const server = await startHostileServer(hostility);
  onTestFinished(() => server.close());
  return { server, folder: testFolder(server.port) };
}

test.each([...LOGIN, ...ANSWERS].flatMap((hostility) => COMMANDS.map((command) => ({ hostility, command }))))(
  "a server that $hostility ends `bd $command` with an exit code of ours, without the password and without a file",
  async ({ hostility, command }) => {
    const { server, folder } = await hostile(hostility);
    const before = stateOfFiles(folder);

    const { code, stdout, stderr } = await spawnBd([...command, "--json"], {
      cwd: folder.dir,
      env: { ...folder.env, ...ENV },
      timeoutMs: HANGS_MS,
    }).done;

    expect(ENDINGS, `${code} ${stdout}${stderr}`).toContain(code);
    expect(JSON.parse(stdout)).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), schema_version: 1 });
    for (const text of [stdout, stderr, server.heard(), server.decrypted().join("\n")])
      expect(text).not.toContain(PASSWORD);
    expect(server.heard()).not.toContain("root:");
    expect(stateOfFiles(folder)).toEqual(before);
  },
);

test.each([...LOGIN, ...ANSWERS])("a server that %s sends nothing to the terminal", async (hostility) => {
  const { folder } = await hostile(hostility);

  const { stdout, stderr } = await spawnBd(["list"], {
    cwd: folder.dir,
    env: { ...folder.env, ...ENV },
    timeoutMs: HANGS_MS,
  }).done;

  // oxlint-disable-next-line no-control-regex -- control codes are what is looked for
  expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u);
  expect(stderr.split("\n").filter((line) => line.startsWith("Hint: rm"))).toEqual([]);
});
