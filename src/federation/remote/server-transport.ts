import { BdError } from "../../errors.ts";
import { type Query, query } from "../../store/query.ts";
import type { Session } from "../../store/session-types.ts";
import { join, type Sql, sql } from "../../store/sql.ts";
import { trackedHash } from "../compare.ts";
import { lookNow } from "./read-outside-snapshot.ts";
import { classifyRemoteError, remoteMoved } from "./remote-errors.ts";
import type { Remote } from "./remotes.ts";
import type { Transport } from "./transport.ts";

/** The server reaches for the remote itself: with nobody's password, or with the one of its own environment. */
export function serverTransport(options: {
  readonly session: Session;
  readonly remote: Remote;
  readonly branch: string;
  /** Whose password the server's environment holds; undefined: no password is sent. */
  readonly user: string | undefined;
}): Transport {
  const { session, remote, branch, user } = options;
  const trackingRef = `${remote.name}/${branch}`;
  const transport: Transport = {
    carrier: remote.url.needs === "password" ? "server-password" : "server",
    remote,
    user,
    branch,
    trackingRef,
    witness: remote.url.scheme === "file" ? "server" : "remote",
    async fetch() {
      try {
        await session.call(procedure("DOLT_FETCH", [...asUser(user), remote.name, branch]));
      } catch (error) {
        if (!(error instanceof BdError) && classifyRemoteError(error) === "empty") return undefined;
        throw error;
      }
      return lookNow(session, trackedHash(trackingRef));
    },
    async push({ replaces }) {
      if (replaces !== undefined && (await transport.fetch()) !== replaces) throw remoteMoved();
      const flags = [...(replaces === undefined ? [] : ["--force"]), ...asUser(user)];
      await session.call(procedure("DOLT_PUSH", [...flags, remote.name, branch]));
      return transport.fetch();
    },
  };
  return transport;
}

/** A call whose answer is only that it worked. */
export function procedure(name: "DOLT_PUSH" | "DOLT_FETCH", values: readonly string[]): Query<void> {
  const list = join(
    values.map((value) => sql`${value}`),
    ", ",
  );
  const calls: Readonly<Record<typeof name, Sql>> = {
    DOLT_PUSH: sql`CALL DOLT_PUSH(${list})`,
    DOLT_FETCH: sql`CALL DOLT_FETCH(${list})`,
  };
  return query(calls[name], () => {});
}

function asUser(user: string | undefined): readonly string[] {
  return user === undefined ? [] : ["--user", user];
}
