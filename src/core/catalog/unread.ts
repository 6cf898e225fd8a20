import type { Checked } from "../base/checked.ts";
import { passIf } from "../base/checked.ts";
import type { Problem } from "../base/problem.ts";
import type { MapReader } from "../base/yaml-node.ts";
import { mapReader, parseYaml } from "../base/yaml-node.ts";
import type { Catalogue, UnreadLayout } from "./catalogue.ts";
import type { SourceText } from "./reading.ts";

const KEYS = ["dataset", "versions", "header", "unknown", "moved"];

/**
 * Reads a list of layouts that cannot be read yet (docs/formats/catalogue.md): one catalogue per series of versions.
 * INVARIANT: they have no segments, so nothing is ever read by one.
 */
export function parseUnread(description: SourceText): Checked<readonly Catalogue[]> {
  const node = parseYaml(description.file, description.text);
  if (!node.ok) return node;
  const problems: Problem[] = [];
  const layouts = mapReader(node.value, ["unread"], problems).maps("unread", KEYS);
  const catalogues = layouts.flatMap((layout) => {
    const of = { dataset: layout.text("dataset"), unread: readLayout(layout) };
    return layout
      .texts("versions")
      .map((version): Catalogue => ({ ...NOTHING, ...of, version, title: `${of.dataset}, dictionary ${version}` }));
  });
  return passIf(problems, () => catalogues);
}

const NOTHING = { form: "unread", recordLengthBytes: 0, personElement: "", about: "people", segments: [], facets: {} } as const;

function readLayout(layout: MapReader): UnreadLayout {
  const moved = layout.maps("moved", ["element", "segment", "start", "stop"]).map((one) => {
    const [start, stop] = [Number(one.text("start")), Number(one.text("stop"))];
    if (!(start >= 1 && stop >= start)) one.refuse("positions are whole numbers from 1 on, the first before the last");
    return { element: one.text("element"), segment: one.text("segment"), start, stop };
  });
  return { header: layout.text("header"), unknown: layout.text("unknown"), moved };
}
