import type { fetchFromRemote } from "../../../ops/dolt/fetch.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { commitsText, shortHash } from "../../present/text/counted-text.ts";

export const doltFetchCommand: CommandDefinition = {
  configure: (command) => void command.option("--remote <name>", "fetch from there instead of origin"),
  examples: [["bd dolt fetch", "see what the project's remote has; no issue of ours changes"]],
  handlers: [
    handler<typeof fetchFromRemote>({
      operation: "dolt.fetch",
      input: ({ flags }) => ({ remote: flags["remote"] }),
      present({ remote, local, remoteHash, ahead = 0, behind = 0 }, view) {
        if (remoteHash === undefined) {
          view.line(`'${remote}' holds nothing yet`);
          return;
        }
        const standing =
          ahead === 0 && behind === 0 ? "equal" : `${commitsText(ahead)} ahead, ${commitsText(behind)} behind`;
        view.line(`Fetched '${remote}': local ${shortHash(local)}, remote ${shortHash(remoteHash)}: ${standing}`);
      },
    }),
  ],
};
