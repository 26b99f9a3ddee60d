import { expect, test } from "vitest";
import { MINIMUM_DOLT_VERSION } from "../../src/server/dolt/dolt-version.ts";
import { type Document, readDocuments } from "../support/documents.ts";
import { doltVersion } from "../support/dolt-binary.ts";
import { needs } from "../support/needs.ts";
import { systemdObstacle, testMachine } from "../support/user-systemd.ts";

needs("systemd", systemdObstacle());

/** One typed line; output is compared only where the document shows it. */
interface Step {
  readonly line: string;
  readonly output: string | undefined;
}

const PASSWORD = `it's "quoted" $HOME \\ back`;

/** The remote of the document; here it is on the same machine, under a name that is none of this machine. */
const REMOTE = "beads.example.test";
const REMOTE_HERE = "0.0.0.0";

/** Lingering belongs to logind, which runs for the whole machine; this stands in for it. */
const LOGINCTL = `#!/bin/sh
case $1 in
  enable-linger) : >"$HOME/.lingers" ;;
  show-user) if [ -e "$HOME/.lingers" ]; then echo yes; else echo no; fi ;;
esac
`;

/** An editor in which a person types the texts of the document: the password, and the blocks that are no lines of a shell. */
function editorOf(document: string): string {
  const [yaml = ""] = blocksOf(document, "yaml");
  const [command = "", commandWithPassword = ""] = blocksOf(document, "ini");
  const typed = (text: string) => `cat >"$1" <<'END'\n${text.trimEnd()}\nEND`;
  return `#!/bin/sh
case $1 in
  */remote-password) ${typed(PASSWORD)}
  ;;
  *.yaml) ${typed(yaml)}
  ;;
  *)
    if grep -q '^ExecStart=.* --config' "$1"; then ${typed(commandWithPassword)}
    else ${typed(command)}
    fi ;;
esac
`;
}

/** What goes wrong before a line that mends it. */
const LOSE_DATABASE = `systemctl --user stop dolt-server
rm -r ~/.beads/dolt/beads_shop
systemctl --user start dolt-server
wait_for answers`;
const MISHAPS: Readonly<Record<string, string>> = {
  "cd ~/shop && bd init --prefix shop -q": LOSE_DATABASE,
  "mkdir -p ~/new/shop && cd ~/new/shop && bd init --prefix shop -q": LOSE_DATABASE,
};

/** What the document takes for granted: an editor, and a remote that wants a password. */
const SURROUNDINGS = `
export EDITOR="$HOME/../bin/editor"
export DOLT_DISABLE_EVENT_FLUSH=true
mkdir -p remote-home
(HOME=$PWD/remote-home DOLT_ROOT_PASSWORD=root exec dolt sql-server --no-auto-commit --port 3399 \\
  --remotesapi-port 8080 --data-dir "$PWD/remote-home" >remote-home/log 2>&1) &
as_root() {
  HOME=$PWD/remote-home dolt --host 127.0.0.1 --port 3399 --user root --password root --no-tls sql -q "$1"
}
wait_for as_root 'select 1'
as_root 'create database shop'
as_root "create user ann@'%' identified by 'it''s \\"quoted\\" \\$HOME \\\\\\\\ back'; grant all on *.* to ann@'%'; commit"
`;

test("docs/deploy-systemd.md leads to a server that survives, followed word for word", async () => {
  const machine = testMachine();
  machine.write("../bin/loginctl", LOGINCTL, 0o755);
  machine.write("../bin/editor", editorOf(documentText().replaceAll("/home/ann", machine.home)), 0o755);
  const steps = documentedSteps();
  expect(steps.length).toBeGreaterThan(15);

  const { stdout, stderr } = await machine.run(`${SURROUNDINGS}\n${scriptOf(steps)}`);

  expect({ stderr }).toEqual({ stderr: "" });
  const printed = stdout.split("\n=== ").slice(1);
  const shown = steps.map(({ line, output }, index) => ({
    line,
    output: output === undefined ? undefined : timeless(outputOf(printed[index] ?? "", machine.home)),
  }));
  expect(shown).toEqual(steps.map((step) => ({ ...step, output: step.output && timeless(step.output) })));
});

test("docs/deploy-systemd.md: the files of the project work as they are", async () => {
  const machine = testMachine();
  const steps = documentedSteps("By hand");
  expect(steps.length).toBeGreaterThan(0);
  const { stdout } = await machine.run(`
    cd ../project
    ${steps.map(({ line }) => line).join("\n")}
    cd ~
    wait_for answers
    bd server status
  `);
  expect(stdout).toMatch(/^Our Dolt server: run by systemd \(PID \d+\)$/m);
});

/** With the version of the dolt that is at hand here. */
function documentText(): string {
  const text = readDocuments().find(({ path }) => path === "docs/deploy-systemd.md")?.text ?? "";
  return text.replaceAll(`olt ${MINIMUM_DOLT_VERSION}`, `olt ${doltVersion()}`);
}

function blocksOf(document: string, language: string): string[] {
  return [...document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, body = ""]) => body);
}

/** The lines of one section, or of all sections but the alternative. */
function documentedSteps(section?: string): Step[] {
  const sections = documentText().split(/^## /m).slice(1);
  const wanted = sections.filter((text) => text.startsWith("By hand\n") === (section === "By hand"));
  return wanted.flatMap((text) => stepsOf({ path: "", text }));
}

function stepsOf({ text }: Document): Step[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, language, body = ""]): Step[] => {
    const lines = body.trimEnd().split("\n");
    if (language === "sh") return lines.map((line) => ({ line, output: undefined }));
    if (language !== "console") return [];
    const steps: { line: string; output: string[] }[] = [];
    for (const line of lines) {
      if (line.startsWith("$ ")) steps.push({ line: line.slice(2), output: [] });
      else steps.at(-1)?.output.push(line);
    }
    return steps.map(({ line, output }) => ({ line, output: output.join("\n") }));
  });
}

/** All lines in one shell, as they are typed; each says how it ended. */
function scriptOf(steps: readonly Step[]): string {
  return steps.map(({ line }) => `${MISHAPS[line] ?? ""}\necho; echo '=== '\n{ ${typedLine(line)}\n} 2>&1`).join("\n");
}

/** An edit wants a terminal. */
function typedLine(line: string): string {
  const here = line.replace(REMOTE, REMOTE_HERE);
  return line.startsWith("systemctl --user edit ") ? `script -qec '${here}' /dev/null </dev/null` : here;
}

function outputOf(printed: string, home: string): string {
  return printed
    .replace(/^\n/, "")
    .trimEnd()
    .replaceAll(home, "/home/ann")
    .replaceAll(`${REMOTE_HERE}:8080`, `${REMOTE}:8080`);
}

/** What is another each time: processes, times, days, hashes, and how the temporary home is escaped. */
function timeless(output: string): string {
  return output
    .replaceAll(/PID \d+/g, "PID 1")
    .replaceAll(/\d{4}-\d{2}-\d{2}(T[\d:]{8}Z)?/g, (_all, time) => (time === undefined ? "DAY" : "TIME"))
    .replaceAll(/(local|remote|→) [0-9a-v]{8}\b/g, "$1 HASH")
    .replaceAll(/checksum [0-9a-f]{16}/g, "checksum SUM")
    .replaceAll(/(?:tmp-bd\S*-home|home-ann)-shop/g, "HOME-shop");
}
