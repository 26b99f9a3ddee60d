import { Readable } from "node:stream";
import type { ConnectionOptions } from "mysql2/promise";
import { type Endpoint, endpointName } from "../../core/endpoint.ts";
import { BdError, command } from "../../errors.ts";

/** The server asks for the password itself, instead of a proof that we know it. */
const FULL_AUTHENTICATION = 4;

/**
 * What the driver may do for a server that it does not know yet. A proof of the password goes to whoever the endpoint
 * names; the password itself goes only over TLS or a local socket, never under a key that the server sends along: who
 * sent that key, nobody knows. And no file of this machine goes anywhere. What was refused is told to `refuse`.
 */
export function guardedLogin(
  endpoint: Endpoint,
  refuse: (error: BdError) => void,
): Pick<ConnectionOptions, "authPlugins" | "flags" | "infileStreamFactory"> {
  const isPrivate = endpoint.tls || endpoint.socketPath !== undefined;
  // The driver puts a code of its own on whatever is thrown here.
  const refused = (method: string): Error => {
    refuse(passwordWanted(endpoint, method));
    return new Error(`refused: ${method}`);
  };
  return {
    authPlugins: {
      caching_sha2_password(metadata) {
        let answer: ((data: Buffer) => unknown) | undefined;
        return async (data): Promise<Buffer> => {
          const isWhole = data.length === 1 && data[0] === FULL_AUTHENTICATION;
          if (isWhole && !isPrivate) throw refused("caching_sha2_password");
          answer ??= (await import("mysql2")).authPlugins.caching_sha2_password({ overrideIsSecure: true })(metadata);
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the driver's own answer, whose type misses null
          return (await answer(data)) as Buffer;
        };
      },
      mysql_clear_password: () => () => Promise.reject<Buffer>(refused("mysql_clear_password")),
      sha256_password: () => () => Promise.reject<Buffer>(refused("sha256_password")),
    },
    flags: ["-LOCAL_FILES"],
    infileStreamFactory: (path: string) =>
      new Readable({
        read() {
          this.destroy(fileWanted(endpoint, path));
        },
      }),
  };
}

function passwordWanted(endpoint: Endpoint, method: string): BdError {
  return new BdError(
    "config",
    "PASSWORD_WANTED",
    `the server at ${endpointName(endpoint)} asks for the password itself (${method}), which goes only over TLS or a local socket; nothing was sent`,
    { hint: command`bd config explain dolt.tls`, details: { method } },
  );
}

function fileWanted(endpoint: Endpoint, path: string): BdError {
  return new BdError(
    "config",
    "FILE_WANTED",
    `the server at ${endpointName(endpoint)} asks for a file of this machine, ${JSON.stringify(path)}; nothing was sent`,
    { hint: command`bd dolt show`, details: { path } },
  );
}
