import * as z from "zod/mini";
import { requireSetting } from "../../config/settings/decide-setting.ts";
import { cursorText, parseCursor } from "../../core/changes/cursor.ts";
import type { FeedEvent } from "../../core/changes/feed-event.ts";
import { BdError, command } from "../../errors.ts";
import { backoffMs } from "../../store/connection/pauses.ts";
import type { ReadContext } from "../context.ts";
import { defineOperation } from "../operation.ts";
import { askedFor } from "./asked-for.ts";
import { EventFilter } from "./event-filter.ts";
import { type Followed, followedSchema } from "./list.ts";
import { type Position, reportEvents } from "./report-events.ts";
import { isReached, Until } from "./watch-until.ts";
import { watchedIssues } from "./watched-issues.ts";

const WatchInput = z.strictObject({
  /** A cursor; without one, what happens from now on. */
  since: z.optional(z.string()),
  /** From the beginning of the history on. */
  from_start: z.boolean(),
  /** Issues by their ids, or parts of those. */
  issues: z.optional(z.array(z.string())),
  filter: z.omit(EventFilter, { issues: true }),
  until: z.optional(Until),
  /** End with the first event. */
  once: z.boolean(),
  timeout_ms: z.optional(z.number().check(z.positive())),
});

type WatchInput = z.infer<typeof WatchInput>;

/**
 * Says what happens, as it happens, and loses nothing: events come once and in order, also where the server is away
 * meanwhile. Ends with the first event (`once`), when what `until` says is so, or by an error.
 *
 * @throws BdError timeout/WATCH_TIMEOUT with the cursor to go on from, usage CURSOR_INVALID, and as `watchedIssues`
 */
export const watchChanges = defineOperation({
  name: "change.watch",
  access: "read",
  input: WatchInput,
  async run(context, input: WatchInput): Promise<Followed> {
    const { timing } = context;
    const ends = input.timeout_ms === undefined ? Infinity : timing.now() + input.timeout_ms;
    const lookEveryMs = requireSetting("daemon.feed-interval", await context.sources());
    const { issues, head } = await watchedIssues(context, input);
    const watch = new Watch(context, { input, issues, head });
    let failures = 0;
    for (;;) {
      const state = await watch.look().catch((error: unknown) => {
        if (!isAway(error)) throw error;
        if (failures === 0) context.note(`${error.message}; waiting for it`);
        return "away" as const;
      });
      if (state === "enough") return watch.followed;
      failures = state === "away" ? failures + 1 : 0;
      const left = ends - timing.now();
      if (left <= 0) throw timedOut(watch.followed, input);
      if (failures > 0) await timing.sleep(Math.min(backoffMs(failures, timing.random), left), context.signal);
      else await context.untilChange(Math.min(lookEveryMs, left));
    }
  },
  wire: { of: (followed) => ({ type: "end", ...followed }), schema: followedSchema },
});

interface Plan {
  readonly input: WatchInput;
  readonly issues: readonly string[] | undefined;
  /** The newest commit when the watch began. */
  readonly head: string;
}

class Watch {
  readonly #context: ReadContext;
  readonly #input: WatchInput;
  readonly #position: Position;
  #issues: readonly string[] | undefined;
  /** The newest commit that was looked at; none before the first look. */
  #seen: string | undefined;

  constructor(context: ReadContext, { input, issues, head }: Plan) {
    this.#context = context;
    this.#input = input;
    this.#issues = issues;
    const start = input.since === undefined ? { commit: head } : parseCursor(input.since);
    this.#position = { cursor: input.from_start ? undefined : start, said: 0 };
  }

  get followed(): Followed {
    const { cursor, said } = this.#position;
    return { cursor: cursor === undefined ? "" : cursorText(cursor), events: said };
  }

  /** Says what is new. */
  async look(): Promise<"enough" | "goes on"> {
    const head = await this.#context.newestCommit();
    if (head === this.#seen) return "goes on";
    const { filter, once, until } = this.#input;
    const enough = await reportEvents(this.#context, this.#position, {
      filter: () => ({ ...filter, issues: this.#issues && [...this.#issues] }),
      isEnough: (event) => {
        this.#followMove(event);
        return once;
      },
    });
    this.#seen = head;
    if (enough) return "enough";
    if (until === undefined || !(await isReached(this.#context, { until, issues: this.#issues }))) return "goes on";
    // What made it so may have come since, and is said before the end.
    return (await this.#context.newestCommit()) === this.#position.cursor?.commit ? "enough" : this.look();
  }

  /** An issue that has another id now is watched under that. */
  #followMove(event: FeedEvent): void {
    if (event.type !== "deleted" || event.moved_to === undefined) return;
    const { issue_id: before, moved_to: after } = event;
    this.#issues = this.#issues?.map((id) => (id === before ? after : id));
  }
}

/** What a server that is restarted, or somewhere behind a broken line, looks like. */
const AWAY = new Set([
  "SERVER_UNREACHABLE",
  "CONNECT_FAILED",
  "CONNECTION_LOST",
  "SERVER_SILENT",
  "TOO_MANY_CONNECTIONS",
]);

function isAway(error: unknown): error is BdError {
  return error instanceof BdError && AWAY.has(error.code);
}

function timedOut({ cursor, events }: Followed, input: WatchInput): BdError {
  const seconds = Math.round((input.timeout_ms ?? 0) / 1000);
  const askedAgain = ["bd", "watch", ...askedFor(input), `--since=${cursor}`];
  return new BdError("timeout", "WATCH_TIMEOUT", `what is waited for did not happen within ${seconds} s`, {
    hint: command`${askedAgain}`,
    details: { cursor, events },
  });
}
