import { type Command, InvalidArgumentError } from "commander";
import { COLUMN_NAMES, type ColumnName, isColumnName } from "../present/issue-columns.ts";
import { list } from "./flag-parsers.ts";

export function addColumnsFlag(command: Command): void {
  command.option("--columns <names>", `show these columns: ${COLUMN_NAMES.join(", ")}`, columns);
}

/** Names of columns, in the order in which they are to stand. */
function columns(value: string, previous: readonly ColumnName[] = []): ColumnName[] {
  const names = list(value).map((name) => {
    if (isColumnName(name)) return name;
    throw new InvalidArgumentError(`there is no column ${JSON.stringify(name)}; there are ${COLUMN_NAMES.join(", ")}.`);
  });
  return [...previous, ...names];
}
