import type { Catalogue } from "./catalogue.ts";

type Named = Pick<Catalogue, "dataset" | "version">;

export const isSame = (a: Named, b: Named): boolean => a.dataset === b.dataset && a.version === b.version;

/** Catalogues of several folders as one, by dataset and version. INVARIANT: of two that describe the same, the first folder's counts. */
export function layeredCatalogues(layers: readonly (readonly Catalogue[])[]): readonly Catalogue[] {
  const kept = layers.flatMap((layer, at) => {
    const before = layers.slice(0, at).flat();
    return layer.filter((one) => !before.some((other) => isSame(one, other)));
  });
  return [...kept].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** A catalogue's dataset and version, as problems name it. */
export const nameOf = ({ dataset, version }: Named): string => `${dataset} ${version}`;
