/** One step into JSON: a key of an object, or the place of an item in an array, from 0. */
export type JsonStep = string | number;

/** Arrays are read as far as this. */
export const MOST_ITEMS = 100;

const STEP = /([^.[\]]+)|\[(\d{1,3})\]/y;

/** The steps of a path such as `name[0].given[1]`; undefined for what is none. It starts with a key. */
export function parseJsonPath(path: string): readonly JsonStep[] | undefined {
  const steps: JsonStep[] = [];
  let at = 0;
  while (at < path.length) {
    const point = path[at] === ".";
    if (point && steps.length === 0) return undefined;
    STEP.lastIndex = point ? at + 1 : at;
    const match = STEP.exec(path);
    const [text = "", key, item] = match ?? [];
    const wellPlaced = key === undefined ? !point && steps.length > 0 && Number(item) < MOST_ITEMS : point || steps.length === 0;
    if (match === null || !wellPlaced) return undefined;
    steps.push(key ?? Number(item));
    at = STEP.lastIndex;
    if (text === "") return undefined;
  }
  return steps.length === 0 ? undefined : steps;
}

export const jsonPathText = (steps: readonly JsonStep[]): string =>
  steps.map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`)).join("");
