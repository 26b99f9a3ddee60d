import type { Socket } from "node:net";
import { type Endpoint, endpointName } from "../../core/endpoint.ts";
import { BdError, command } from "../../errors.ts";

/** More than the answer to any question of ours, and less than what ends a process for want of memory. */
export const ANSWER_MAX_BYTES = 512 * 1024 ** 2;

/** Under TLS only the count of bytes tells what comes, so it is looked at now and then. */
const LOOK_MS = 20;

export interface AnswerSize {
  readonly endpoint: Endpoint;
  readonly socket: Socket;
  readonly maxBytes: number;
}

/**
 * The answer; throws BdError unavailable ANSWER_TOO_LARGE when it goes on after that many bytes: the driver keeps them all.
 * Whoever asked ends the connection then. The promise must settle when the connection is given up, as that of `withinLimit`
 * does: looking goes on until then.
 */
export async function withinSize<T>(answer: Promise<T>, { endpoint, socket, maxBytes }: AnswerSize): Promise<T> {
  const before = socket.bytesRead;
  const { promise: exceeded, reject } = Promise.withResolvers<never>();
  const looking = setInterval(() => {
    if (socket.bytesRead - before > maxBytes) reject(answerTooLarge(endpoint, maxBytes));
  }, LOOK_MS);
  try {
    return await Promise.race([answer, exceeded]);
  } finally {
    clearInterval(looking);
    answer.catch(() => {}); // ends with the connection, and nobody listens
  }
}

function answerTooLarge(endpoint: Endpoint, maxBytes: number): BdError {
  const mebibytes = Math.round(maxBytes / 1024 ** 2);
  return new BdError(
    "unavailable",
    "ANSWER_TOO_LARGE",
    `the server at ${endpointName(endpoint)} sent more than ${mebibytes} MiB as one answer; it was cut off`,
    { hint: command`bd dolt show`, details: { max_bytes: maxBytes } },
  );
}
