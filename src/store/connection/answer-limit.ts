import { abortable } from "./abortable.ts";

/** How long a packet may go without an answer before the server is asked whether it is still working at it. */
export const ANSWER_LIMIT_MS = 30_000;

/** How long logging in may take. */
export const LOGIN_LIMIT_MS = 10_000;

/** How often the server may say of one packet that it is still working at it. */
export type Rounds = number;

/** Statements of a transaction take seconds, on a busy machine more. */
export const STATEMENT_ROUNDS: Rounds = 10;
/** Transfers between servers, merges and migrations may take hours. */
export const LONG_ROUNDS: Rounds = 240;

/** Whoever was asked has fallen silent, with the connection open. */
function unanswered(ms: number): Error {
  return Object.assign(new Error(`no answer for ${Math.round(ms / 1000)} s`), { code: "UNANSWERED" });
}

export interface AnswerLimit {
  readonly ms: number;
  readonly rounds: Rounds;
  /** Aborts when the connection is given up: the driver then says nothing any more, neither an answer nor an error. */
  readonly givenUp: AbortSignal;
  /** Whether the server says that it is still working at the packet: that starts the time anew. */
  readonly stillWorking: () => Promise<boolean>;
}

/**
 * The answer; throws `unanswered` when it does not come in time, and the signal's reason. Whoever asked ends the connection
 * then. Nothing of the waiting outlives it.
 */
export async function withinLimit<T>(
  asked: Promise<T>,
  { ms, rounds, givenUp, stillWorking }: AnswerLimit,
): Promise<T> {
  const answer = abortable(asked, givenUp);
  for (let round = 0; ; round += 1) {
    const inTime = await Promise.race([answer.then((value) => ({ value })), silence(ms, answer)]);
    if (inTime !== undefined) return inTime.value;
    if (round >= rounds || !(await Promise.race([stillWorking(), answer.then(() => true)]))) {
      answer.catch(() => {}); // ends with the connection, and nobody listens
      throw unanswered(ms);
    }
  }
}

/** Undefined after that time; the timer does not outlive the answer. */
async function silence(ms: number, answer: Promise<unknown>): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  void answer.finally(() => clearTimeout(timer)).catch(() => {});
  return promise;
}
