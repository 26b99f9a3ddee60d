/** Fields of issues in which texts name other issues. */
export const NAMING_FIELDS = ["description", "notes", "design", "acceptance_criteria"] as const;

export type NamingField = (typeof NAMING_FIELDS)[number];

/** The texts that name one of the deleted issues, with `[deleted:ID]` for it. */
export function withoutDeleted(
  texts: { readonly [Field in NamingField]?: string | undefined },
  deleted: readonly string[],
): { readonly [Field in NamingField]?: string } {
  const pattern = anyOf(deleted);
  const changed = NAMING_FIELDS.flatMap((field) => {
    const text = texts[field] ?? "";
    const marked = text.replace(pattern, "[deleted:$&]");
    return marked === text ? [] : [[field, marked] as const];
  });
  return Object.fromEntries(changed);
}

/** Whole ids: no part of a longer one, no parent of a child that is named, and none that was marked before. */
function anyOf(ids: readonly string[]): RegExp {
  const longestFirst = ids.toSorted((a, b) => b.length - a.length).map((id) => id.replaceAll(/[^\w]/g, "\\$&"));
  return new RegExp(`(?<![\\w-]|\\[deleted:)(?:${longestFirst.join("|")})(?![\\w-]|\\.\\d)`, "g");
}
