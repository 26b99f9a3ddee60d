import type { serveTracker } from "../../../ops/serve/serve.ts";
import { type CommandDefinition, handler } from "../../command.ts";
import { listeningPort } from "../../input/flag-parsers.ts";

export const serveCommand: CommandDefinition = {
  configure: (command) =>
    void command
      .option("--host <host>", "name or address to listen on (default: the setting serve.host, 127.0.0.1)")
      .option("--port <port>", "port to listen on, 0 for one that is free (default: serve.port, 3380)", listeningPort),
  examples: [
    ["bd serve", "the API of docs/http.md at http://127.0.0.1:3380/, for who shows the token"],
    ["bd serve --readonly --port 8080", "to look, and change nothing"],
  ],
  handlers: [
    handler<typeof serveTracker>({
      operation: "serve.run",
      input: ({ flags }) => ({
        host: flags["host"],
        port: flags["port"],
        readonly: flags["readonly"] === true,
        json: flags["json"] === true,
      }),
      sink: (invocation) => invocation.openOutput(undefined),
      present: () => {},
    }),
  ],
};
