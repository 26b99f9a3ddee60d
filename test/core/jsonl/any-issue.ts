import * as fc from "fast-check";
import { ISSUE_FIELDS, type Issue, type IssueField, type IssueParts } from "../../../src/core/issue/issue.ts";

/** An issue as the database gives it, with all its parts. */
export interface WholeIssue {
  readonly issue: Issue;
  readonly parts: IssueParts;
}

const text = (maxLength: number) =>
  fc
    .string({ unit: "grapheme", minLength: 1, maxLength })
    .map((value) => value.replaceAll("\0", "␀"))
    .filter((value) => value.trim() !== "" && value.isWellFormed());

const time = fc
  .date({ min: new Date("2020-01-01T00:00:00Z"), max: new Date("2030-01-01T00:00:00Z"), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);

const whole = (max: number) => fc.integer({ min: 0, max });

function valueOf({ name, kind }: IssueField): fc.Arbitrary<unknown> {
  switch (kind) {
    case "key":
    case "text":
    case "nullable-text":
      return text(30);
    case "number":
      return whole(4);
    case "nullable-number":
      return whole(10_000);
    case "count":
      return name === "timeout" ? fc.constantFrom(1, 3_600_000_000_000) : fc.integer({ min: 1, max: 9 });
    case "flag":
      return fc.constant(true);
    case "time":
    case "nullable-time":
      return time;
    case "object":
      return fc.constantFrom({ team: "core" }, { a: [1, null, { b: "<&>" }], n: 3 }, { ключ: true });
    case "list":
      return fc.uniqueArray(text(10), { minLength: 1, maxLength: 3 });
  }
}

const REQUIRED: ReadonlySet<string> = new Set([
  "id",
  "title",
  "status",
  "priority",
  "issue_type",
  "created_at",
  "updated_at",
]);

/** Fields that say where an issue is kept, which the id decides here. */
const PLACE: ReadonlySet<string> = new Set(["ephemeral", "no_history"]);

/** A whole issue of that id. `others` are the ids that its edges may end at. */
export function anyIssue(id: string, others: readonly string[]): fc.Arbitrary<WholeIssue> {
  const fields = ISSUE_FIELDS.filter(({ name }) => name !== "id" && !PLACE.has(name));
  const values = fields.map((field) =>
    REQUIRED.has(field.name) ? valueOf(field) : fc.option(valueOf(field), { nil: undefined, freq: 2 }),
  );
  const issue = fc.tuple(...values).map((given) => {
    const entries = fields.map(({ name }, index) => [name, given[index]] as const);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a value for every field that an issue must have
    return Object.fromEntries([["id", id], ...entries.filter(([, value]) => value !== undefined)]) as unknown as Issue;
  });
  const edge = fc.record({
    target: fc.constantFrom(...others),
    type: fc.constantFrom("blocks", "related", "x-y"),
    at: time,
    by: text(8),
  });
  const comment = fc.record({ id: fc.uuid({ version: 7 }), author: text(8), text: text(40), created_at: time });
  return fc
    .record({
      issue,
      labels: fc.uniqueArray(text(12), { maxLength: 3 }),
      edges: fc.uniqueArray(edge, { maxLength: 3, selector: ({ target }) => target }),
      comments: fc.uniqueArray(comment, { maxLength: 3, selector: ({ created_at: at }) => at }),
    })
    .map(({ issue: own, labels, edges, comments }) => ({
      issue: own,
      parts: {
        labels: labels.toSorted(byBytes),
        dependencies: edges
          .map(({ target, type, at, by }) => ({
            issue_id: id,
            depends_on_id: target,
            type,
            created_at: at,
            created_by: by,
            metadata: "{}",
          }))
          .toSorted((a, b) => byBytes(a.depends_on_id, b.depends_on_id)),
        comments: comments
          .map(({ id: commentId, ...rest }) => ({ id: commentId, issue_id: id, ...rest }))
          .toSorted((a, b) => byBytes(a.created_at, b.created_at))
          .map(({ id: commentId, issue_id, author, text: said, created_at }) => ({
            id: commentId,
            issue_id,
            author,
            text: said,
            created_at,
          })),
      },
    }));
}

/** The order of the database's binary collation. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
