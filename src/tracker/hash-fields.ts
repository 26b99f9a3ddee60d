/** HGETALL gives a flat list over TCP, and pairs or an object over some of REST. */
export function fieldsIn(answer: unknown): Record<string, string> {
  const flat = Array.isArray(answer)
    ? answer.map(String)
    : Object.entries(answer ?? {})
        .flat()
        .map(String);
  return Object.fromEntries(
    Array.from({ length: Math.floor(flat.length / 2) }, (_, at) => [flat[2 * at] ?? "", flat[2 * at + 1] ?? ""]),
  );
}
