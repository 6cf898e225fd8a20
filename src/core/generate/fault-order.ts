import { nearestHint } from "../base/nearest.ts";
import type { PlantedFault } from "./faults.ts";
import { FAULTS, isOfRecords } from "./faults.ts";
import type { FileKind } from "./file-kind.ts";
import type { Refuse } from "./order-checks.ts";
import type { GenerationOrder } from "./plan.ts";

const FORM = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/;
const MOST_FAULTS = 1_000_000;
const FILES_BY_PREFIX: Readonly<Record<string, FileKind>> = { ELG: "eligible", COT: "claimot" };

/** The faults of an order, NAME[:COUNT][@STATE] each, by state. Faults of no record go into the first file. */
export function orderedFaults(
  { faults, states, segments }: GenerationOrder,
  files: readonly FileKind[],
  refuse: Refuse,
): ReadonlyMap<string, readonly PlantedFault[]> {
  const ordered = new Map<string, PlantedFault[]>();
  for (const text of faults) {
    const [, name = "", written, state = states[0] ?? ""] = FORM.exec(text) ?? [];
    const fault = Object.hasOwn(FAULTS, name) ? FAULTS[name] : undefined;
    if (fault === undefined) {
      refuse(`"${name}" is not a fault`, nearestHint(name, Object.keys(FAULTS), "writ dataset generate --fault list"));
      continue;
    }
    if (!states.includes(state)) refuse(`the fault's state "${state}" is not among the states`, `the states are ${states.join(",")}`);
    const count = written === undefined ? 1 : Number(written);
    if (!Number.isSafeInteger(count) || count < 1 || count > MOST_FAULTS)
      refuse(`"${written}" is no number of faults`, `1 to ${MOST_FAULTS}`);
    const segment = isOfRecords(fault.break) ? fault.break.segment : undefined;
    if (segment === undefined && count > 1)
      refuse(`the fault "${name}" is the file's, and cannot come ${count} times`, "leave the number out");
    const file = segment === undefined ? files[0] : FILES_BY_PREFIX[segment.slice(0, 3)];
    if (segment !== undefined && segments.length > 0 && !segments.includes(segment))
      refuse(`the fault "${name}" needs ${segment}`, "add it to --segments");
    if (file === undefined || !files.includes(file)) {
      refuse(`the fault "${name}" needs the file ${file ?? ""}`, "add it to --files");
      continue;
    }
    ordered.set(state, [...(ordered.get(state) ?? []), { name, fault, count, file }]);
  }
  return ordered;
}
