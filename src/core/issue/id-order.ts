/** The order of ids as people count: by numbers where both have one, so that `bd-a.2` comes before `bd-a.10`. For `Array.sort`. */
export function compareIds(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const index = left.findIndex((part, place) => part !== right[place]);
  const [own, other] = [left[index], right[index]];
  if (own === undefined || other === undefined) return left.length - right.length || compareTexts(a, b);
  if (isNumber(own) && isNumber(other)) return own.length - other.length || compareTexts(own, other);
  return compareTexts(own, other);
}

/** The issue at the top of a family of ids: `bd-a1b` for `bd-a1b.2.1`; of all others the id itself. */
export function familyOf(id: string): string {
  const dot = id.indexOf(".", id.lastIndexOf("-") + 1);
  return dot === -1 ? id : id.slice(0, dot);
}

/** Numbers apart from what stands between them, without zeros before them. */
function partsOf(id: string): string[] {
  return (id.match(/\d+|\D+/g) ?? []).map((part) => (isNumber(part) ? part.replace(/^0+(?=\d)/, "") : part));
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
