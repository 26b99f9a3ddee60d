import { command as commandLine } from "../../../errors.ts";
import type { addRemote } from "../../../ops/dolt/remote-add.ts";
import type { ListedRemote, listAllRemotes } from "../../../ops/dolt/remote-list.ts";
import type { removeRemote } from "../../../ops/dolt/remote-remove.ts";
import { type CommandDefinition, handler, type View } from "../../command.ts";

export const doltRemoteAddCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .argument("<name>", "what it is called here; origin is the project's own")
      .argument("<url>", "where it is: file:///PATH, http(s)://HOST/ORG/DB, dolthub://ORG/DB, ssh://HOST/PATH, …"),
  examples: [
    ["bd dolt remote add origin https://tracker.example.org/team/app", "the project's remote; config.yaml keeps it"],
    ["bd dolt remote add backup file:///mnt/backup/app", "one more"],
  ],
  handlers: [
    handler<typeof addRemote>({
      operation: "dolt.remote-add",
      input: ({ args: [name, url] }) => ({ name, url }),
      present({ name, url, existed, location }, view) {
        view.line(`${existed ? "Remote was there already:" : "Added remote"} "${name}" → ${url}`);
        if (location !== undefined) view.note(`federation.remote stands in ${location}`);
      },
    }),
  ],
};

export const doltRemoteListCommand: CommandDefinition = {
  examples: [["bd dolt remote list", "where this project can be pushed to and pulled from"]],
  handlers: [
    handler<typeof listAllRemotes>({
      operation: "dolt.remote-list",
      input: () => ({}),
      present({ remotes }, view) {
        if (remotes.length === 0) view.line("No remotes configured.");
        for (const remote of remotes) presentRemote(remote, view);
      },
    }),
  ],
};

function presentRemote({ name, serverUrl, projectUrl, status }: ListedRemote, view: View): void {
  const lead = name.padEnd(20);
  if (status !== "conflict") {
    const notes = { ok: "", "server-only": "  [server only]", "project-only": "  [config.yaml only]" };
    view.line(`${lead} ${serverUrl ?? projectUrl ?? ""}${notes[status]}`);
    return;
  }
  view.line(`${lead} ${serverUrl ?? ""}  [server]`);
  view.line(`${"".padEnd(20)} ${projectUrl ?? ""}  [config.yaml]`);
  view.note(`They differ. The server's is right:  ${commandLine`bd dolt set federation.remote ${serverUrl ?? ""}`}`);
  // Only the project's own can differ. To add a remote is to let passwords go to its host: the URL is for people to type.
  view.note(
    `config.yaml is right:  ${commandLine`bd dolt remote remove origin`} && ${commandLine`bd dolt remote add origin URL`}`,
  );
}

export const doltRemoteRemoveCommand: CommandDefinition = {
  configure: (command) => void command.argument("<name>", "as bd dolt remote list shows it"),
  examples: [["bd dolt remote remove backup", "forget it; what is there stays"]],
  ignored: [["--force", "nothing is lost by forgetting a remote"]],
  handlers: [
    handler<typeof removeRemote>({
      operation: "dolt.remote-remove",
      input: ({ args: [name] }) => ({ name }),
      present: ({ name }, view) => view.line(`Removed remote "${name}"`),
    }),
  ],
};
