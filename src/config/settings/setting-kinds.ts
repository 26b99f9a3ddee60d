import { isIP } from "node:net";
import { isAbsolute } from "node:path";
import { isIdPrefix, splitAllowedPrefixes } from "../../core/issue/issue-id.ts";
import { isTypeName, parseTypeList } from "../../core/issue/issue-type.ts";
import { parseCustomStatuses } from "../../core/issue/status.ts";
import { parseRemoteUrl } from "../../core/remote-url.ts";
import { parseStatusPairs, type StatusPairs } from "../../core/task-mirror/status-map.ts";
import { BdError } from "../../errors.ts";
import { isDatabaseName } from "../workspace/prefix.ts";

/** What a setting may hold. */
export interface SettingKind<T> {
  /** Finishes "…, which must be": `a port from 1 to 65535`. */
  readonly expected: string;
  /** Undefined for a text that can't be one; throws BdError where there is more to say about it. */
  parse(text: string): T | undefined;
  /** For what protects: the higher, the stricter. */
  strictness?(value: T): number;
}

// oxlint-disable-next-line no-control-regex -- what moves a cursor, or begins another line of a file, is in no name
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000 } as const;
const LONGEST_WAIT_MS = 3_600_000;
const LABEL = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** Whatever nobody acts on, or is checked where it is used. */
export const text: SettingKind<string> = { expected: "a text", parse: (value) => value };

/** `true`, `yes`, `on`, `1` and their opposites, in any case. */
export const flag: SettingKind<boolean> = {
  expected: "true or false",
  parse(value) {
    if (/^(?:false|no|off|0)$/i.test(value)) return false;
    return /^(?:true|yes|on|1)$/i.test(value) ? true : undefined;
  },
};

/** A switch that protects: on is stricter. */
export const guard: SettingKind<boolean> = { ...flag, strictness: Number };

/**
 * A name in DNS, an IPv4 or an IPv6 address. Never what a shell, a program's options or a unit file take for something
 * else; nor a number that some resolvers take for an address.
 */
export const host: SettingKind<string> = {
  expected: "a host: a name in DNS, an IPv4 or an IPv6 address",
  parse: (value) => (isIP(value) !== 0 || isDnsName(value) ? value : undefined),
};

function isDnsName(value: string): boolean {
  const labels = value.replace(/\.$/, "").split(".");
  return (
    value.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^(?:\d+|0x[\da-f]*)$/i.test(labels.at(-1) ?? "")
  );
}

export const port: SettingKind<number> = {
  expected: "a port from 1 to 65535",
  parse(value) {
    const number = /^\d{1,5}$/.test(value) ? Number(value) : 0;
    return number >= 1 && number <= 65_535 ? number : undefined;
  },
};

/** Where somebody listens: 0 stands for any port that is free. */
export const listeningPort: SettingKind<number> = {
  expected: "a port from 1 to 65535, or 0 for one that is free",
  parse: (value) => (value === "0" ? 0 : port.parse(value)),
};

/** Names as `Host` headers have them. */
export const hostNames: SettingKind<readonly string[]> = {
  expected: "hosts, each with a port or without, separated by commas",
  parse(value) {
    const names = value.split(",").map((name) => name.trim());
    const isHost = (name: string) => host.parse(name.replace(/:\d{1,5}$/, "")) !== undefined;
    return names.every(isHost) ? names : undefined;
  },
};

const absolute = (what: string): SettingKind<string> => ({
  expected: `the absolute path of ${what}`,
  parse: (value) => (isAbsolute(value) && !CONTROL.test(value) ? value : undefined),
});

export const socketPath = absolute("a socket");

export const absolutePath = absolute("a file");

export const user: SettingKind<string> = {
  expected: "the name of a user, of at most 80 characters",
  parse: (value) => (value.length <= 80 && !CONTROL.test(value) ? value : undefined),
};

/** A path, which the peer takes in the same places, is refused. */
export const database: SettingKind<string> = {
  expected: "the name of a database (a workspace elsewhere is chosen by -C DIR or BEADS_DIR)",
  parse: (value) => (isDatabaseName(value) ? value : undefined),
};

/** Milliseconds from seconds (`30`, `2.5`) or a number with a unit (`30s`, `500ms`, `1m`). */
export const duration: SettingKind<number> = {
  expected: "a time such as 30s or 500ms, of at most an hour",
  parse(value) {
    const match = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m)?$/.exec(value);
    if (match === null) return undefined;
    const unit = match[2] === "ms" || match[2] === "m" ? match[2] : "s";
    const milliseconds = Math.round(Number(match[1]) * MILLISECONDS[unit]);
    return milliseconds <= LONGEST_WAIT_MS ? milliseconds : undefined;
  },
};

const SHORTEST_INTERVAL_MS = 50;

/** The time between two looks, in milliseconds, written as a `duration`: who looks more often does nothing else. */
export const interval: SettingKind<number> = {
  expected: `a time such as 5s or 250ms, of at least ${SHORTEST_INTERVAL_MS}ms and at most an hour`,
  parse(value) {
    const milliseconds = duration.parse(value);
    return milliseconds !== undefined && milliseconds >= SHORTEST_INTERVAL_MS ? milliseconds : undefined;
  },
};

/** How far a project's data may go: T1 is shared without limits, T4 stays where it is. */
export const SOVEREIGNTY_TIERS = ["T1", "T2", "T3", "T4"] as const;
export type Sovereignty = (typeof SOVEREIGNTY_TIERS)[number];

export const sovereignty: SettingKind<Sovereignty> = {
  expected: "T1, T2, T3 or T4",
  parse: (value) => SOVEREIGNTY_TIERS.find((tier) => tier === value.toUpperCase()),
  strictness: (tier) => SOVEREIGNTY_TIERS.indexOf(tier),
};

export const remoteUrl: SettingKind<string> = {
  expected: "the URL of a remote",
  parse: (value) => parseRemoteUrl(value).text,
};

export function oneOf<const Word extends string>(...words: readonly Word[]): SettingKind<Word> {
  return {
    expected: `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`,
    parse: (value) => words.find((word) => word === value),
  };
}

export function wholeNumber(least: number, most: number): SettingKind<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    parse(value) {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

export const probability: SettingKind<number> = {
  expected: "a number above 0 and at most 1",
  parse(value) {
    const number = /^\d?\.?\d{1,9}$/.test(value) ? Number(value) : 0;
    return number > 0 && number <= 1 ? number : undefined;
  },
};

export const prefix: SettingKind<string> = {
  expected: "a prefix of ids",
  parse: (value) => (isIdPrefix(value) ? value : undefined),
};

export const prefixes: SettingKind<readonly string[]> = {
  expected: "prefixes, separated by commas",
  parse(value) {
    const names = splitAllowedPrefixes(value);
    return names.every(isIdPrefix) ? names : undefined;
  },
};

/** Throws BdError usage INVALID_CUSTOM_STATUS. */
export const statuses: SettingKind<ReturnType<typeof parseCustomStatuses>> = {
  expected: "NAME or NAME:CATEGORY, separated by commas",
  parse: parseCustomStatuses,
};

/** Throws BdError usage INVALID_ISSUE_TYPE. */
export const types: SettingKind<readonly string[]> = {
  expected: "names, separated by commas",
  parse(value) {
    const names = parseTypeList(value);
    const bad = names.find((name) => !isTypeName(name));
    if (bad === undefined) return names;
    throw new BdError(
      "usage",
      "INVALID_ISSUE_TYPE",
      `invalid custom type ${JSON.stringify(bad)}: at most 32 letters, digits, "_", "-" and "."`,
      { details: { value: bad } },
    );
  },
};

/** Sets of statuses that applications are known to have. */
const KNOWN_PAIRS: ReadonlyMap<string, string> = new Map([
  ["four", "todo=open,in-progress=in_progress,review=review,done=closed"],
  [
    "six",
    "todo=open,in_progress=in_progress,needs-you=needs_you,review=in_review,ready=ready_to_commit,shipped=closed",
  ],
]);

/** Throws BdError usage STATUS_MAP_INVALID. */
export const statusPairs: SettingKind<StatusPairs> = {
  expected: "four, six, or WORD=STATUS, separated by commas",
  parse: (value) => parseStatusPairs(KNOWN_PAIRS.get(value) ?? value),
};

export const keyPrefix: SettingKind<string> = {
  expected: "the beginning of a key, such as tracker:, at most 100 characters without a blank",
  parse: (value) => (/^[\w.:-]{1,100}$/.test(value) ? value : undefined),
};
