/** The keys of a JSON value, a line each, with the types of what stands under them: `[].labels[]: string`. */
export function shapeOf(value: unknown): string[] {
  const types = new Map<string, Set<string>>();
  collect(value, "", types);
  return [...types].map(([path, kinds]) => `${path || "(all)"}: ${[...kinds].toSorted().join(" or ")}`);
}

function collect(value: unknown, path: string, types: Map<string, Set<string>>): void {
  if (Array.isArray(value)) {
    if (value.length === 0) note(types, `${path}[]`, "nothing");
    for (const item of value) collect(item, `${path}[]`, types);
    return;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) note(types, path, "{}");
    for (const [key, item] of entries) collect(item, path === "" ? key : `${path}.${key}`, types);
    return;
  }
  note(types, path, value === null ? "null" : typeof value);
}

function note(types: Map<string, Set<string>>, path: string, kind: string): void {
  types.set(path, (types.get(path) ?? new Set()).add(kind));
}
