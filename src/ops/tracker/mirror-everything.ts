import { allCells, NO_NEWS, type SideNews } from "../../core/task-mirror/cell-dates.ts";
import { openIssueRefs } from "../../store/queries/issues-by-ref.ts";
import { scanTasks } from "../../tracker/scan-tasks.ts";
import { readTask } from "../../tracker/task.ts";
import { verifyTasks } from "../../tracker/verify-tasks.ts";
import type { WriteContext } from "../context.ts";
import type { NewsSince } from "./issue-news.ts";
import { type Batch, mirrorBatch, planBatch } from "./mirror-batch.ts";
import { taskIdOf, type Work } from "./pair-up.ts";
import { type MirrorPlan, vagueNews } from "./plan-mirror.ts";
import type { Tally } from "./tally.ts";
import type { TaskStore } from "./task-store.ts";
import { bothNews } from "./work-of.ts";

const PAGE = 500;

export interface EverythingOptions {
  readonly tally: Tally;
  /** What happened to issues since the last round; undefined where nobody knows. */
  readonly since: NewsSince | undefined;
  /** Whether more happened to issues than that. */
  readonly isBlind: boolean;
  /** What the stream tells of tasks. */
  readonly work: Pick<Work, "tasks" | "purged">;
}

/**
 * Compares every task with its issue, and brings both together: where nothing tells what was changed, the side that was
 * changed last counts. Nothing is deleted because it is missing. False where tasks change all the time: it is to be done again.
 */
export async function mirrorEverything(
  context: WriteContext,
  store: TaskStore,
  { tally, ...known }: EverythingOptions,
): Promise<boolean> {
  await verifyTasks(store.tracker, { fix: true });
  const head = known.since?.head ?? (await context.newestCommit());
  for await (const batch of everyBatch(context, store, { head, ...known })) {
    if (!(await mirrorBatch(context, store, batch, tally))) return false;
  }
  await store.group.moveCursor(head);
  await store.group.setCompared();
  return true;
}

/** What would be done, batch by batch. */
export async function* planEverything(
  context: WriteContext,
  store: TaskStore,
  known: Pick<EverythingOptions, "since" | "isBlind">,
): AsyncGenerator<MirrorPlan, void, void> {
  const head = known.since?.head ?? (await context.newestCommit());
  for await (const batch of everyBatch(context, store, { head, ...known, work: NOTHING_TOLD })) {
    yield await planBatch(context, store, batch);
  }
}

async function* everyBatch(
  context: WriteContext,
  store: TaskStore,
  { head, since, isBlind, work }: { readonly head: string } & Omit<EverythingOptions, "tally">,
): AsyncGenerator<Batch, void, void> {
  const news = since?.news ?? NO_NEWS;
  const shared = { head, isBlind, purged: new Map<string, string>() };
  const { purged } = work;
  if (purged.size + news.gone.size + news.moved.size > 0) yield { ...shared, purged, tasks: new Map(), news };
  const scanned = new Set<string>();
  for await (const texts of inPages(scanTasks(store.tracker))) {
    const now = context.clock().getTime();
    const tasks = [...texts].map(([id, text]) => [id, bothNews(work.tasks.get(id), newsIn(text, now))] as const);
    for (const [id] of tasks) scanned.add(id);
    yield { ...shared, tasks: new Map(tasks), news: onlyDates(news) };
  }
  const [open] = await context.read((reader) => reader.all([openIssueRefs]));
  const alone = [...open].flatMap(([id, ref]) => (scanned.has(taskIdOf(id, ref)) ? [] : [id]));
  for (let start = 0; start < alone.length; start += PAGE) {
    const dates = new Map(alone.slice(start, start + PAGE).map((id) => [id, allCells(0)]));
    yield { ...shared, tasks: new Map(), news: { ...NO_NEWS, dates } };
  }
}

const NOTHING_TOLD: EverythingOptions["work"] = { tasks: new Map(), purged: new Map() };

/** What is told of issues whose tasks are looked at one by one. */
function onlyDates(news: NewsSince["news"]): NewsSince["news"] {
  return { ...NO_NEWS, dates: news.dates, olds: news.olds, moved: news.moved };
}

function newsIn(text: string, now: number): SideNews {
  const task = readTask(text);
  return task === undefined ? { dates: new Map() } : vagueNews(task, now);
}

/** What is scanned comes in pieces of any size, empty ones too. */
async function* inPages(
  pieces: AsyncIterable<ReadonlyMap<string, string>>,
): AsyncGenerator<ReadonlyMap<string, string>, void, void> {
  let page = new Map<string, string>();
  for await (const piece of pieces) {
    for (const [id, text] of piece) page.set(id, text);
    if (page.size < PAGE) continue;
    yield page;
    page = new Map();
  }
  if (page.size > 0) yield page;
}
