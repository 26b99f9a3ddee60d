import * as z from "zod/mini";
import { PRIORITIES, type StatusWords } from "./task.ts";
import { TrackerError } from "./tracker-error.ts";

const MOST_TITLE = 500;
const MOST_TEXT = 65_536;
const MOST_WORD = 200;
const MOST_ACTIVITIES = 1000;

const word = () => z.string().check(z.maxLength(MOST_WORD));
const activity = () => z.object({ id: word(), timestamp: word(), type: word(), details: z.optional(z.unknown()) });

const fields = (statuses: StatusWords) => ({
  description: z.string().check(z.maxLength(MOST_TEXT)),
  status: z.enum([...statuses]),
  priority: z.enum(PRIORITIES),
  assignedTo: word(),
  agentCodeName: word(),
  activities: z.array(activity()).check(z.maxLength(MOST_ACTIVITIES)),
});

const title = () => z.string().check(z.trim(), z.minLength(1), z.maxLength(MOST_TITLE));

/** What a new task may say. */
export function taskDraft(statuses: StatusWords) {
  return z.partial(z.object({ ...fields(statuses), title: title(), project: word() }), {
    ...NOT_NEEDED,
    project: true,
  });
}

/** What a change may say; null and an empty text take a field away. */
export function taskPatch(statuses: StatusWords) {
  const { status, priority, activities, ...texts } = fields(statuses);
  const cleared = Object.fromEntries(Object.entries(texts).map(([name, schema]) => [name, z.nullable(schema)]));
  return z.partial(z.object({ ...cleared, title: title(), status, priority, activities, project: z.nullable(word()) }));
}

const NOT_NEEDED = {
  description: true,
  status: true,
  priority: true,
  assignedTo: true,
  agentCodeName: true,
  activities: true,
} as const;

/** Throws TrackerError 400 that names the field. */
export function checked<T>(schema: z.ZodMiniType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") ?? "";
  if (field === "title" && !hasTitle(value)) throw new TrackerError(400, "Title is required", { field });
  throw new TrackerError(400, `${field === "" ? "" : `${field}: `}${wordsFor(issue)}`, { field });
}

function hasTitle(value: unknown): boolean {
  if (typeof value !== "object" || value === null || !("title" in value)) return false;
  return typeof value.title === "string" && value.title.trim() !== "";
}

function wordsFor(issue: { readonly message: string; readonly values?: unknown } | undefined): string {
  if (Array.isArray(issue?.values)) return `must be one of ${issue.values.map(String).join(", ")}`;
  return issue?.message ?? "this is no task";
}
