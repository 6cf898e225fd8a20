import type { Catalogue } from "../catalog/catalogue.ts";
import { CLAIM_RECIPES } from "./claim-recipes.ts";
import type { Claim, ClaimFile } from "./claim.ts";
import { claimDrawer } from "./draw-claims.ts";
import { ELIGIBLE_RECIPES } from "./eligible-recipes.ts";
import type { FileKind } from "./file-kind.ts";
import { carePlansOf, MANAGED_CARE_RECIPES } from "./managed-care.ts";
import type { Person } from "./person.ts";
import type { GenerationPlan, StatePlan } from "./plan.ts";
import { PROVIDER_RECIPES, providersOf } from "./provider.ts";
import type { Recipe } from "./recipe.ts";
import type { RowWriter } from "./row-writer.ts";
import { rowWriters } from "./row-writer.ts";
import { CARRIER_RECIPES, carriersOf, OTHER_COVER_RECIPES, otherCoverOf } from "./third-party.ts";

/** Takes the records of one subject at a time. `person` is whom they are about, if anybody. */
export type RecordSink = { put<Subject>(writers: readonly RowWriter<Subject>[], subject: Subject, person?: Person): void };

/** What a file holds: records of nobody first, one subject per step, then records of each person. */
export type FileContent = {
  readonly opening: (sink: RecordSink) => Iterable<void>;
  readonly add: (person: Person, sink: RecordSink) => void;
};

const nothing = (): readonly never[] => [];
const nobody = (): string => "";
/** What these files count in place of people. */
const itsNumber = ({ number }: { readonly number: string }): string => number;

export function fileContent(kind: FileKind, plan: GenerationPlan, state: StatePlan, catalogue: Catalogue): FileContent {
  const writers = <Subject>(recipes: readonly Recipe<Subject>[], idOf: (subject: Subject) => string): readonly RowWriter<Subject>[] =>
    rowWriters(plan, state, catalogue, recipes, idOf);
  switch (kind) {
    case "eligible": {
      const eligible = writers(ELIGIBLE_RECIPES, ({ id }: Person) => id);
      return { opening: nothing, add: (person, sink) => sink.put(eligible, person, person) };
    }
    case "mngdcare":
      return listContent(() => carePlansOf(plan, state), writers(MANAGED_CARE_RECIPES, itsNumber));
    case "provider":
      return listContent(() => providersOf(plan, state), writers(PROVIDER_RECIPES, itsNumber));
    case "tpl": {
      const { opening } = listContent(() => carriersOf(plan, state), writers(CARRIER_RECIPES, nobody));
      const [covered, coverOf] = [writers(OTHER_COVER_RECIPES, ({ person }) => person.id), otherCoverOf(plan, state)];
      return {
        opening,
        add: (person, sink) => {
          const cover = coverOf(person);
          if (cover !== undefined) sink.put(covered, cover, person);
        },
      };
    }
    default:
      return claimContent(
        kind,
        plan,
        state,
        writers(CLAIM_RECIPES[kind], ({ person }) => person.id),
      );
  }
}

function claimContent(file: ClaimFile, plan: GenerationPlan, state: StatePlan, writers: readonly RowWriter<Claim>[]): FileContent {
  const claimsOf = claimDrawer(file, plan, state);
  return {
    opening: nothing,
    add: (person, sink) => {
      for (const claim of claimsOf(person)) sink.put(writers, claim, person);
    },
  };
}

function listContent<Subject>(subjects: () => Iterable<Subject>, writers: readonly RowWriter<Subject>[]): FileContent {
  return {
    *opening(sink) {
      for (const subject of subjects()) yield sink.put(writers, subject);
    },
    add: () => undefined,
  };
}
