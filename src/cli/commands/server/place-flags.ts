import type { Command } from "commander";
import type { Flags } from "../../command.ts";

export function addPlaceFlags(command: Command): void {
  command
    .option("--host <host>", "address to listen on (default: the setting dolt.host, 127.0.0.1)")
    .option("--port <port>", "port to listen on (default: the setting dolt.port, 3307)");
}

export function placeFromFlags(flags: Flags): object {
  return { host: flags["host"], port: flags["port"] };
}
