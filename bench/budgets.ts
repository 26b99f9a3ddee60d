// The promises of docs/performance.md, as data: the benchmark shows what is missed, and a test fails when a command
// makes more round trips than it may.

/** What a time is compared with: an empty Node program, or one that connects with mysql2 and asks once. */
export type Yardstick = "node" | "floor";

export interface RatioBudget {
  readonly yardstick: Yardstick;
  /** Holds at this number of issues; a budget without a size holds at every size. */
  readonly size?: number;
  readonly atMost: number;
}

export interface Budget {
  /** TCP connect, greeting and login (3) included; at any number of issues up to 30,000 dependencies. */
  readonly roundTrips: number;
  /** Whole process. */
  readonly ratios: readonly RatioBudget[];
  /** Whole process with 80 ms added to each round trip, at 1,000 issues. */
  readonly secondsAt80ms?: number;
}

const noServer: Budget = { roundTrips: 0, ratios: [{ yardstick: "node", atMost: 1.3 }] };
const read: Budget = {
  roundTrips: 4,
  ratios: [{ yardstick: "floor", size: 1000, atMost: 1.4 }],
  secondsAt80ms: 0.45,
};
const readiness: Budget = {
  roundTrips: 5,
  ratios: [
    { yardstick: "floor", size: 1000, atMost: 1.7 },
    { yardstick: "floor", size: 10_000, atMost: 3 },
  ],
  secondsAt80ms: 0.6,
};
const write: Budget = {
  roundTrips: 7,
  ratios: [{ yardstick: "floor", size: 1000, atMost: 1.6 }],
  secondsAt80ms: 0.75,
};

/** Above this many dependencies, readiness may page: two round trips more. */
export const PAGING_DEPENDENCIES = 30_000;
export const PAGING_ROUND_TRIPS = 2;

export const BUDGETS = {
  version: noServer,
  help: noServer,
  show: read,
  list: read,
  "list --json": read,
  "list --json --limit 0": { roundTrips: 4, ratios: [{ yardstick: "floor", size: 10_000, atMost: 8 }] },
  stats: read,
  count: read,
  search: read,
  ready: readiness,
  "ready --json": readiness,
  blocked: readiness,
  create: write,
  update: write,
  close: write,
  "update --claim": write,
  "dep add": write,
  "label add": write,
  comment: write,
} as const satisfies Readonly<Record<string, Budget>>;

export type BudgetedCommand = keyof typeof BUDGETS;

/** `bd import` of 1,000 issues with 2,000 dependencies into an empty database, on a quiet machine. */
export const IMPORT_BUDGET = { issues: 1000, dependencies: 2000, roundTrips: 20, seconds: 1.5 } as const;
