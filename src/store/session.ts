import { LONG_ROUNDS } from "./connection/answer-limit.ts";
import { Link } from "./connection/link.ts";
import { releaseLock, takeLock } from "./protocol/lock-queries.ts";
import { settle } from "./protocol/lost-answer.ts";
import { newestCommit } from "./protocol/newest-commit.ts";
import { withMerge, withMigration, withSnapshot, withTransaction, withWorkingSet } from "./protocol/transaction.ts";
import type { Query } from "./query.ts";
import type {
  Caller,
  ConnectionOptions,
  Lease,
  LockRequest,
  Session,
  SessionOptions,
  SharedConnection,
} from "./session-types.ts";

/** A session on a connection of its own. It connects at its first query, so opening one costs nothing. */
export function openSession(options: SessionOptions): Session {
  return shareConnection(options).lease(options);
}

/** A connection for several users, one after the other. */
export function shareConnection(options: ConnectionOptions): SharedConnection {
  const link = new Link(options);
  let isLeased = false;
  return {
    lease(caller: Caller) {
      if (isLeased) throw new Error("this connection is in somebody's hands");
      isLeased = true;
      link.serve(caller);
      return leaseOf(link, () => {
        isLeased = false;
      });
    },
    close: () => link.drop(),
  };
}

function leaseOf(link: Link, onRelease: () => void): Lease {
  let running: string | undefined;
  let isReleased = false;
  const alone = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    if (isReleased) throw new Error(`${name} on a session that was given back`);
    if (running !== undefined) throw new Error(`${name} on a session that is busy with ${running}`);
    running = name;
    try {
      return await work();
    } finally {
      running = undefined;
    }
  };
  const fresh = (rounds?: number) => {
    link.startOperation(rounds);
    return link;
  };
  const call = <T>({ statements: [statement, ...more], decode }: Query<T>): Promise<T> =>
    alone("call", async () => {
      if (statement === undefined || more.length > 0) throw new Error("call takes one statement");
      return decode([await fresh().ask(statement)]);
    });
  return {
    read: (body) => alone("read", () => withSnapshot(fresh(), body)),
    newestCommit: () => alone("look", () => newestCommit(fresh())),
    write: (commit, body) => alone("write", () => withTransaction(fresh(), commit, body)),
    commitWorkingSet: (commit) => alone("commit", () => withWorkingSet(fresh(), commit)),
    merge: (request, body) => alone("merge", () => withMerge(fresh(LONG_ROUNDS), request, body)),
    settle: (attempt) => alone("settle", () => settle(fresh(), attempt)),
    migrate: (body) => alone("migrate", () => withMigration(fresh(LONG_ROUNDS), body)),
    call,
    locked: (lock, work) => withLock(link, call, lock, work),
    close: () => link.drop(),
    async release() {
      isReleased = true;
      // Who gives it back in the middle of something leaves what nobody can know.
      if (running !== undefined) link.drop();
      const isClean = await link.cleaned();
      onRelease();
      return isClean;
    },
  };
}

/** How long one packet waits for the lock: Ctrl-C and the limit are looked at in between. */
const SLICE_MS = 1000;

async function withLock<T>(
  link: Link,
  call: Session["call"],
  { name, waitMs, onWait, busy }: LockRequest,
  work: () => Promise<T>,
): Promise<T> {
  const { timing } = link.options;
  const start = timing.now();
  for (let told = false; !(await call(takeLock(name, SLICE_MS))); told = true) {
    if (!told) onWait();
    if (timing.now() - start >= waitMs) throw busy();
  }
  return link.holdingLock(async () => {
    try {
      return await work();
    } finally {
      // The connection may be gone, and the lock with it.
      await call(releaseLock(name)).catch(() => link.drop());
    }
  });
}
