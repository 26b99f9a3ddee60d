import { expect, it } from "vitest";
import { redacted } from "../../../src/config/settings/explain-setting.ts";

it.each([
  ["http://ann:s3cret@host/app", "http://***@host/app"],
  ["https://s3cret@host/app", "https://***@host/app"],
  ["git+ssh://git@host/app.git", "git+ssh://git@host/app.git"],
])("the project's remote %s is printed as %s", (url, printed) => {
  expect(redacted("federation.remote", url)).toBe(printed);
});

it("a secret is only said to be set", () => {
  expect(redacted("github.token", "s3cret")).toBe("(set)");
});
