/** Arguments with which each command passes its grammar; none where it needs none. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  create: ["X"],
  q: ["X"],
  update: ["bd-a1", "-p", "1"],
  assign: ["bd-a1", "ann"],
  priority: ["bd-a1", "1"],
  tag: ["bd-a1", "urgent"],
  note: ["bd-a1", "Hello"],
  defer: ["bd-a1"],
  undefer: ["bd-a1"],
  duplicate: ["bd-b2", "--of", "bd-a1"],
  supersede: ["bd-b2", "--with", "bd-a1"],
  close: ["bd-a1"],
  done: ["bd-a1"],
  reopen: ["bd-a1"],
  delete: ["bd-a1"],
  restore: ["bd-a1"],
  show: ["bd-a1"],
  history: ["bd-a1"],
  comment: ["bd-a1", "Hello"],
  "comment edit": ["bd-a1", "Hello"],
  "comment delete": ["bd-a1"],
  comments: ["bd-a1"],
  "comments add": ["bd-a1", "Hello"],
  "label add": ["bd-a1", "urgent"],
  "label remove": ["bd-a1", "auth"],
  "label list": ["bd-a1"],
  search: ["Login"],
  children: ["bd-a1"],
  dep: ["bd-a1", "--blocks", "bd-b2"],
  "dep add": ["bd-a1", "bd-b2"],
  link: ["bd-a1", "bd-b2"],
  "dep relate": ["bd-a1", "bd-b2"],
  "dep unrelate": ["bd-a1", "bd-b2"],
  "dep remove": ["bd-a1", "bd-b2"],
  "dep list": ["bd-a1"],
  "dep tree": ["bd-a1"],
  import: ["-"],
  completion: ["bash"],
  "config set": ["custom.x", "1"],
  "config get": ["dolt.password"],
  "config unset": ["custom.x"],
  "config explain": ["dolt.password"],
  "dolt set": ["user", "root"],
  "dolt remote add": ["origin", "file:///nowhere"],
  "dolt remote remove": ["origin"],
};

/** A line of that command, on the issues `bd-a1` and `bd-b2`, the first of which has the label `auth`. */
export function lineOf(name: string): string[] {
  return [...name.split(" "), ...(ARGUMENTS[name] ?? [])];
}

/** Commands that do something to the machine, or depend on it. */
export const ACTS_ON_MACHINE: ReadonlySet<string> = new Set([
  "server start",
  "server stop",
  "server status",
  "server logs",
  "server install",
  "server install-unit",
  "server uninstall-unit",
]);
