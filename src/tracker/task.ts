/** Something that happened to a task, as the application tells it. */
export interface Activity {
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly type: string;
  readonly details?: unknown;
}

export const PRIORITIES = ["urgent", "high", "medium", "low"] as const;
export type TaskPriority = (typeof PRIORITIES)[number];

/** A task of a web application. Times are ISO 8601. */
export interface Task {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly status: string;
  readonly priority: TaskPriority;
  readonly assignedTo?: string;
  readonly agentCodeName?: string;
  readonly project?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly activities: readonly Activity[];
  readonly deletedAt?: string;
  /** The issue that it is in a tracker of issues, where one mirrors it. */
  readonly issue?: string;
  /** Names the last change, so that a request that is repeated is not done twice. */
  readonly lastOp?: string;
}

/** The words for what state a task is in; the first is that of a new one, the last that of a finished one. */
export type StatusWords = readonly [string, ...string[]];

export const FOUR_STATUSES: StatusWords = ["todo", "in-progress", "review", "done"];
export const SIX_STATUSES: StatusWords = ["todo", "in_progress", "needs-you", "review", "ready", "shipped"];

/** A task as it is stored; undefined for what is none. Fields that nobody here knows are kept. */
export function readTask(text: unknown): Task | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const isTask = typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the application wrote is taken as it is
    return isTask ? ({ activities: [], ...value } as unknown as Task) : undefined;
  } catch {
    return undefined;
  }
}

/** What `If-Match` compares: two texts of a task are one version where they are equal. 53 bits of them. */
export function etagOf(text: string): string {
  let [one, other] = [0xde_ad_be_ef, 0x41_c6_ce_57];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 2_654_435_761);
    other = Math.imul(other ^ code, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909);
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & other) + (one >>> 0)).toString(36);
}
