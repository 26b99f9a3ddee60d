import { type Command, InvalidArgumentError } from "commander";
import type { Flags } from "../../command.ts";

export function addPlaceFlags(command: Command): void {
  command
    .option("--host <host>", "address to listen on (default: the setting dolt.host, 127.0.0.1)")
    .option("--port <port>", "port to listen on (default: the setting dolt.port, 3307)", port);
}

export function placeFromFlags(flags: Flags): object {
  return { host: flags["host"], port: flags["port"] };
}

/** Said here, because the setting that it stands for is another command's `--server-port`. */
function port(value: string): string {
  const isPort = /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535;
  if (!isPort) throw new InvalidArgumentError("expected a port, 1 to 65535.");
  return value;
}
