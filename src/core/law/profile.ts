import { nearestHint } from "../base/nearest.ts";
import type { Atom, AtomList } from "./atom.ts";
import type { Condition } from "./condition.ts";
import { ALWAYS, conjoin, disjoin, negate, NEVER } from "./condition.ts";
import type { CedarExpr, CedarPolicy, CedarScope, CedarUid } from "./judge.ts";
import type { KnownWords } from "./words.ts";
import { TERMS, termAtom, type Term } from "./words.ts";

/** What a rule is read for: whether `in` over a tree may widen it. */
export type Reading = {
  readonly words: KnownWords;
  readonly atoms: AtomList;
  /** Reports one problem; `near` is text of the policy where it lies. */
  refuse(message: string, hint: string, near?: string): void;
};

/** True where a wider match releases more, so that trees may not be used. */
type Opens = boolean;

/** A policy's condition in Boolean algebra. INVARIANT: after any refusal the result is unusable; callers check. */
export function conditionOf(policy: CedarPolicy, treesAllowed: boolean, reading: Reading): Condition {
  const opens = policy.effect === "permit" && !treesAllowed;
  const scopes = [scope(policy.principal, "principal", opens, reading), scope(policy.action, "action", opens, reading)];
  if (policy.resource.op !== "All")
    reading.refuse("a rule names no resource in its head", "write `resource` and compare resource.field … in `when`");
  const clauses = policy.conditions.map(({ kind, body }) =>
    kind === "when" ? compile(body, opens, reading) : negate(compile(body, !opens, reading)),
  );
  return conjoin(...scopes, ...clauses);
}

function scope(found: CedarScope, variable: "principal" | "action", opens: Opens, reading: Reading): Condition {
  const left: CedarExpr = { Var: variable };
  const value = (uid: CedarUid): CedarExpr => ({ Value: { __entity: uid } });
  if (found.op === "All") return ALWAYS;
  if (found.op === "==" && found.entity !== undefined) return compile({ "==": { left, right: value(found.entity) } }, opens, reading);
  if (found.op === "in" && found.entities !== undefined) {
    return disjoin(...found.entities.map((uid) => compile({ "==": { left, right: value(uid) } }, opens, reading)));
  }
  if (found.op === "in" && found.entity !== undefined) return compile({ in: { left, right: value(found.entity) } }, opens, reading);
  return refused(reading, `"${found.op}" is not allowed in a rule's head`, "use == or in");
}

const refused = (reading: Reading, message: string, hint: string, near?: string): Condition => {
  reading.refuse(message, hint, near);
  return NEVER;
};

function compile(expr: CedarExpr, opens: Opens, reading: Reading): Condition {
  const [operator, operand] = Object.entries(expr)[0] ?? ["nothing", undefined];
  switch (operator) {
    case "Value":
      return typeof operand === "boolean"
        ? operand
          ? ALWAYS
          : NEVER
        : refused(reading, "a bare value is no condition", "compare it with a term");
    case "!":
      return negate(compile((operand as { arg: CedarExpr }).arg, !opens, reading));
    case "&&":
    case "||": {
      const { left, right } = operand as Pair;
      const args = [compile(left, opens, reading), compile(right, opens, reading)];
      return operator === "&&" ? conjoin(...args) : disjoin(...args);
    }
    case "if-then-else":
      return compileChoice(operand as Choice, opens, reading);
    case "==":
    case "!=":
    case "in":
      return comparison(operator, operand as Pair, opens, reading);
    case "contains":
      return membership(operand as Pair, reading);
    default:
      return refused(reading, `"${operator}" is outside the profile`, "rules use &&, ||, !, if, ==, !=, in and […].contains(…) only");
  }
}

type Pair = { readonly left: CedarExpr; readonly right: CedarExpr };
type Choice = { readonly if: CedarExpr; readonly then: CedarExpr; readonly else: CedarExpr };

function compileChoice(choice: Choice, opens: Opens, reading: Reading): Condition {
  // WHY: the test of a choice widens one branch and narrows the other, so trees are refused in it either way.
  const test = compile(choice.if, true, reading);
  return disjoin(conjoin(test, compile(choice.then, opens, reading)), conjoin(negate(test), compile(choice.else, opens, reading)));
}

function comparison(operator: "==" | "!=" | "in", pair: Pair, opens: Opens, reading: Reading): Condition {
  const term = termOf(pair.left) ?? (operator === "in" ? undefined : termOf(pair.right));
  const uid = uidOf(pair.right) ?? (operator === "in" ? undefined : uidOf(pair.left));
  if (term === undefined || uid === undefined) {
    return refused(
      reading,
      `"${operator}" must compare one term with one literal word`,
      `such as ${TERMS.field.spelled} == Field::"address"`,
    );
  }
  if (!checkWord(term, uid, reading)) return NEVER;
  if (uid.type === "Protected" && operator !== "in") return listComparedAsWord(uid, reading);
  if (operator === "in" && opens && TERMS[term].tree) {
    const hint = `name each word: [${uid.type}::"a", ${uid.type}::"b"].contains(${TERMS[term].spelled}); bars descend a tree, permits do not`;
    return refused(reading, `"in" over the ${uid.type} tree would widen what this rule opens`, hint, spelling(uid));
  }
  if (operator === "!=") return negate(comparison("==", pair, !opens, reading));
  return atom(termAtom(term, { [operator]: { left: termExpr(term), right: { Value: { __entity: uid } } } }, uid), reading);
}

function membership(pair: Pair, reading: Reading): Condition {
  const evidence = uidOf(pair.right);
  if (isEvidence(pair.left) && evidence !== undefined) {
    if (!reading.words.has("Evidence", evidence.id)) return unknownWord(evidence, "Evidence", reading);
    return atom({ kind: "evidence", evidence: evidence.id }, reading);
  }
  const members = (pair.left as { Set?: readonly CedarExpr[] }).Set?.map(uidOf);
  const term = termOf(pair.right);
  if (members === undefined || term === undefined || members.some((uid) => uid === undefined)) {
    return refused(
      reading,
      "contains needs a list of literal words and one term",
      `such as [Field::"address", Field::"phone"].contains(resource.field)`,
    );
  }
  const uids = members.filter((uid) => uid !== undefined);
  const list = uids.find((uid) => uid.type === "Protected");
  if (list !== undefined) return listComparedAsWord(list, reading);
  const known = uids.map((uid) => checkWord(term, uid, reading)).every(Boolean);
  if (!known) return NEVER;
  return disjoin(
    ...uids.map((uid) => atom(termAtom(term, { "==": { left: termExpr(term), right: { Value: { __entity: uid } } } }, uid), reading)),
  );
}

const listComparedAsWord = (uid: CedarUid, reading: Reading): Condition =>
  refused(reading, "a party list is no jurisdiction", `write ${TERMS.origin.spelled} in ${spelling(uid)}`, spelling(uid));

const atom = (found: Atom, reading: Reading): Condition => ({ kind: "atom", atom: reading.atoms.index(found) });

function checkWord(term: Term, uid: CedarUid, reading: Reading): boolean {
  const expected = TERMS[term].types;
  if (!expected.includes(uid.type)) {
    reading.refuse(`${TERMS[term].spelled} is a ${expected.join(" or ")}, not a ${uid.type}`, `write ${expected[0]}::"…"`, spelling(uid));
    return false;
  }
  if (reading.words.has(uid.type, uid.id)) return true;
  unknownWord(uid, uid.type, reading);
  return false;
}

function unknownWord(uid: CedarUid, type: string, reading: Reading): Condition {
  const hint = nearestHint(uid.id, reading.words.all(type), reading.words.listedIn(type));
  return refused(reading, `unknown ${type} "${uid.id}"`, hint, spelling(uid));
}

const spelling = (uid: CedarUid): string => `${uid.type}::"${uid.id}"`;

function uidOf(expr: CedarExpr): CedarUid | undefined {
  const value = expr["Value"];
  if (typeof value !== "object" || value === null || !("__entity" in value)) return undefined;
  return value.__entity as CedarUid;
}

function termOf(expr: CedarExpr): Term | undefined {
  const text = JSON.stringify(expr);
  return (Object.keys(TERMS) as Term[]).find((term) => JSON.stringify(termExpr(term)) === text);
}

const termExpr = (term: Term): CedarExpr => TERMS[term].expr;
const isEvidence = (expr: CedarExpr): boolean =>
  JSON.stringify(expr) === JSON.stringify({ ".": { left: { Var: "context" }, attr: "evidence" } });
