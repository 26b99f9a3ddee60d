import { expect, test } from "vitest";
import { commonPrefix } from "../../../src/core/jsonl/common-prefix.ts";

test.each<[string[], string | undefined]>([
  [[], undefined],
  [["nothing", "-a1"], undefined],
  [["my-app-a1", "my-app-b.2", "my-app-log-in", "other-1"], "my-app"],
  [["bd-1", "gt-1"], "bd"],
  [["a b-1", "bd-1"], "bd"],
])("the prefix of %j is %s", (ids, prefix) => {
  expect(commonPrefix(ids)).toBe(prefix);
});
