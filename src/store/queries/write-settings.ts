import type { CustomStatus } from "../../core/issue/status.ts";
import { build, fragment, write } from "../builder.ts";
import { combine, type Query } from "../query.ts";

/** Sets rows of the table `config`, which travels with the issues; one at least. */
export function saveConfig(...entries: readonly (readonly [key: string, value: string])[]): Query<number> {
  const rows = entries.map(([key, value]) => ({ key, value }));
  return write(build.insertInto("config").values(rows).onDuplicateKeyUpdate({ value: fragment`VALUES(value)` }));
}

export function deleteConfig(key: string): Query<number> {
  return write(build.deleteFrom("config").where("key", "=", key));
}

/** Says for good which project the database belongs to. */
export function insertProjectId(projectId: string): Query<number> {
  return write(build.insertInto("metadata").values({ key: "_project_id", value: projectId }));
}

/** Makes the table that mirrors `status.custom`, for the peer's views, hold exactly these. */
export function replaceCustomStatuses(statuses: readonly CustomStatus[]): Query<number> {
  const empty = write(build.deleteFrom("custom_statuses"));
  if (statuses.length === 0) return empty;
  const fill = write(
    build.insertInto("custom_statuses").values(statuses.map(({ name, category }) => ({ name, category }))),
  );
  return combine([empty, fill], (deleted, inserted) => deleted + inserted);
}

/** Makes the table that mirrors `types.custom` hold exactly these. */
export function replaceCustomTypes(names: readonly string[]): Query<number> {
  const empty = write(build.deleteFrom("custom_types"));
  if (names.length === 0) return empty;
  const fill = write(build.insertInto("custom_types").values(names.map((name) => ({ name }))));
  return combine([empty, fill], (deleted, inserted) => deleted + inserted);
}
