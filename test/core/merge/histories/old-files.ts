import type { FileLine } from "./import-file.ts";
import type { Random } from "./random.ts";

/** Instants that programs cut or round to different seconds, or that are written for another zone. */
const CREATED = ["2026-02-01T10:00:00.7Z", "2026-02-01T12:00:03.2+02:00", "2026-02-01T09:00:00.5-01:00", undefined];
const IDS = ["x-1", "x-2", "x-p.1", "x-f1", "x-f2"];

/** A file that people took with them from another tracker. */
export function oldFile(random: Random, newTag: () => string): FileLine[] {
  return random
    .shuffled(IDS)
    .slice(0, 1 + random.below(3))
    .map((id) => {
      const [tag, by] = [newTag(), random.chance(0.3) ? undefined : random.pick(["ann", "zoe"])];
      const comments = Array.from({ length: random.below(3) }, (_, index) => ({
        uuid: undefined,
        text: `${tag} of the file, ${index}`,
        at: `2026-02-0${2 + index}T10:00:00${random.chance(0.5) ? ".6" : ""}Z`,
      }));
      return {
        tag,
        row: { id, title: `Old ${tag}`, ...(by === undefined ? { created_by: "" } : { created_by: by }) },
        createdAt: random.pick(CREATED),
        updatedAt: "2026-02-04T10:00:00Z",
        comments,
      };
    });
}
