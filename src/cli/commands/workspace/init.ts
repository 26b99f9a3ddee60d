import { endpointName } from "../../../core/endpoint.ts";
import { BdError } from "../../../errors.ts";
import type { InitResult, initWorkspace } from "../../../ops/workspace/init.ts";
import { type CommandDefinition, type Flags, handler, type View } from "../../command.ts";
import { repeated } from "../../input/flag-parsers.ts";

const ONLY_BEADS_DIR = "nothing but the .beads folder is written";
const NO_WIZARDS = "there are no wizards";

export const initCommand: CommandDefinition = {
  configure(command) {
    command
      .option("-p, --prefix <prefix>", "prefix of the issues' ids (default: the folder's name)")
      .option("--database <name>", "database of the server (default: beads_<prefix>)")
      .option("--server-host <host>", "host of the Dolt server")
      .option("--server-port <port>", "port of the Dolt server")
      .option("--server-socket <path>", "unix socket of the Dolt server")
      .option("--server-user <user>", "user at the Dolt server")
      .option("--remote <url>", "remote that the project is cloned from; an empty one is remembered for bd dolt push")
      .option(
        "--accept <code>",
        "let in what can execute and comes with the project, by its name; repeatable",
        repeated,
      )
      .option("--from-jsonl [file]", "then import that file (default: .beads/issues.jsonl)")
      .option("--git-sync", "keep the issues in .beads/issues.jsonl, too, for git to carry")
      .option("--new-project", "make a new one although this folder, or the server, seems to have one")
      .option("--backend <name>", "dolt, which is the only one");
    // What these ask for is what always happens.
    const accepted = ["--server", "--external", "--non-interactive", "--skip-hooks", "--skip-agents"];
    const reinit = ["--force", "--reinit-local", "--discard-remote", "--destroy-token <token>"];
    for (const flags of [...accepted, ...reinit]) command.addOption(command.createOption(flags).hideHelp());
  },
  examples: [
    ["bd init", "a tracker for this folder"],
    ["bd init --prefix app", "issues will be called app-a3f2dd"],
    ["bd init --database beads_app", "join a project that the server has"],
    ["bd init --remote https://tracker.example.org/team/app", "clone a project to this server"],
    ["bd init --git-sync", "whoever has git has the issues; in each clone, and as often as you like"],
    ["bd init --from-jsonl", "and import the issues that lie in .beads, as after a clone"],
    ["bd init --server-host 127.0.0.1 --server-port 3308", "on another server"],
  ],
  ignored: [
    ["--role <role>", NO_WIZARDS],
    ["--contributor", NO_WIZARDS],
    ["--team", NO_WIZARDS],
    ["--stealth", ONLY_BEADS_DIR],
    ["--setup-exclude", ONLY_BEADS_DIR],
    ["--agents-template <file>", ONLY_BEADS_DIR],
    ["--agents-profile <name>", ONLY_BEADS_DIR],
    ["--agents-file <file>", ONLY_BEADS_DIR],
    ["--shared-server", "every workspace uses a shared server"],
  ],
  handlers: [
    handler<typeof initWorkspace>({
      operation: "workspace.init",
      input: ({ flags, openInput }) => {
        checkBackend(flags);
        const file = flags["fromJsonl"];
        return {
          prefix: flags["prefix"],
          database: flags["database"],
          server_host: flags["serverHost"],
          server_port: flags["serverPort"],
          server_socket: flags["serverSocket"],
          server_user: flags["serverUser"],
          remote: flags["remote"],
          ...(Array.isArray(flags["accept"]) ? { accept: flags["accept"] } : {}),
          reinit: reinitFrom(flags),
          ...(flags["newProject"] === true ? { new_project: true } : {}),
          ...(flags["gitSync"] === true ? { git_sync: true } : {}),
          from_jsonl: file !== undefined,
          ...(typeof file === "string" ? { source: file, bytes: openInput(file) } : {}),
        };
      },
      present: presentInit,
    }),
  ],
};

function checkBackend(flags: Flags): void {
  const backend = flags["backend"];
  if (backend === undefined || backend === "dolt") return;
  throw new BdError("usage", "BAD_BACKEND", `there is no backend "${String(backend)}"; dolt is the only one`);
}

function reinitFrom(flags: Flags): "reinit" | "discard-remote" | "destroy-token" | undefined {
  if (flags["destroyToken"] !== undefined) return "destroy-token";
  if (flags["discardRemote"] === true) return "discard-remote";
  return flags["force"] === true || flags["reinitLocal"] === true ? "reinit" : undefined;
}

const HEADLINES: Readonly<Record<InitResult["outcome"], (result: InitResult) => string>> = {
  created: () => "bd initialized successfully!",
  joined: ({ issueCount }) => `Joined the project that the database holds (${issueCount} issues)`,
  unchanged: () => "This workspace is initialized already",
};

function presentInit(result: InitResult, view: View): void {
  if (view.flags["quiet"] === true) return;
  const { endpoint, database, prefix } = result;
  view.line(`${view.style("green", "✓")} ${HEADLINES[result.outcome](result)}`);
  view.line();
  view.line("  Backend: dolt");
  view.line("  Mode: server");
  view.line(`  Server: ${endpoint.user}@${endpointName(endpoint)}`);
  view.line(`  Database: ${database}`);
  view.line(`  Issue prefix: ${prefix}`);
  view.line(`  Issues will be named: ${prefix}-<hash> (e.g., ${prefix}-a3f2dd)`);
  if (result.remote !== undefined) {
    view.line(`  Remote: ${result.remote.url}${result.remote.cloned ? " (cloned)" : ""}`);
  }
  if (result.tookOver) view.line(`  Taken over: ${result.beadsDir}, which named the store of another program`);
  if (result.imported !== undefined) {
    view.line(`  Imported: ${result.imported.created + result.imported.updated} issues from ${result.imported.source}`);
  }
  if (result.syncBranch !== undefined)
    view.line(`  Git: the issues travel on the branch ${result.syncBranch}; bd sync commits and pushes it`);
  else if (result.gitSync) view.line("  Git: the issues travel in .beads/issues.jsonl; bd sync writes it");
  view.line();
  view.line(`Next: ${nextStep(result)}`);
}

function nextStep({ issueCount, imported, notImported, syncs }: InitResult): string {
  if (notImported !== undefined && syncs) return "bd init --git-sync --from-jsonl (the issues travel in git)";
  if (notImported !== undefined) return `bd import (the issues in ${notImported} are not in the project)`;
  return issueCount > 0 || imported !== undefined ? "bd ready" : 'bd create "My first issue"';
}
