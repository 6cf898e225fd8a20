import { setFlagsFromString } from "node:v8";
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { CedarFormatter } from "../core/law/format.ts";
import type { CedarExpr, CedarPolicy, Judge, JudgeError } from "../core/law/judge.ts";

// WHY: before Node 24, V8 ends the whole process ("unreachable code") when a hot call into WebAssembly that it had inlined is
// thrown out of optimised code again; loading law a few times in one process is enough.
if (Number.parseInt(process.versions.node, 10) < 24) setFlagsFromString("--no-turbo-inline-js-wasm-calls");

type Detailed = cedar.DetailedError;

/** Cedar counts bytes of UTF-8; a citation with § would shift every place behind it. */
const charsBefore = (text: string, bytes: number): number => Buffer.from(text, "utf8").subarray(0, bytes).toString("utf8").length;

const toError = (error: Detailed, text: string, policy?: string): JudgeError => {
  const spot = error.sourceLocations?.[0];
  const detail = spot?.label === undefined || spot.label === null ? "" : ` (${spot.label})`;
  return {
    message: `${error.message}${detail}`,
    ...(policy === undefined ? {} : { policy }),
    ...(error.help === null ? {} : { help: error.help }),
    ...(spot === undefined ? {} : { offset: charsBefore(text, spot.start) }),
  };
};

/** Cedar through its WebAssembly build. */
export const cedarJudge: Judge = {
  version: cedar.getCedarVersion(),
  split(block) {
    const answer = cedar.policySetTextToParts(block);
    if (answer.type === "failure") return { errors: answer.errors.map((error) => toError(error, block)) };
    if (answer.policy_templates.length > 0) return { errors: [{ message: "a template (?principal, ?resource) is no rule", offset: 0 }] };
    return { policies: answer.policies };
  },
  parse(policy) {
    const answer = cedar.policyToJson(policy);
    return answer.type === "success" ? (answer.json as unknown as CedarPolicy) : undefined;
  },
  validate(schema, policies) {
    const answer = cedar.validate({ schema, policies: { staticPolicies: policies }, validationSettings: { mode: "strict" } });
    if (answer.type === "failure") return answer.errors.map((error) => toError(error, ""));
    return [...answer.validationErrors, ...answer.validationWarnings].map((found) =>
      toError(found.error, policies[found.policyId] ?? "", found.policyId),
    );
  },
  holding(request, conditions, entities) {
    const answer = cedar.statefulIsAuthorized({
      principal: request.principal,
      action: request.action,
      resource: request.resource,
      context: {
        discloser: { __entity: request.context.discloser },
        purpose: { __entity: request.context.purpose },
        evidence: request.context.evidence.map((uid) => ({ __entity: uid })),
      },
      preparsedPolicySetId: preparsed(conditions),
      entities: entities.map((entity) => ({
        uid: entity.uid,
        attrs: Object.fromEntries(Object.entries(entity.attrs).map(([name, uid]) => [name, { __entity: uid }])),
        parents: [...entity.parents],
      })),
    });
    if (answer.type === "failure") throw new Error(`Cedar refused a call: ${answer.errors.map((error) => error.message).join("; ")}`);
    const { errors, reason } = answer.response.diagnostics;
    // INVARIANT: an erring condition stops the sweep; Cedar alone would skip it, and a skipped bar opens.
    if (errors.length > 0) throw new Error(`Cedar could not judge ${errors.map((error) => error.policyId).join(", ")}`);
    return reason;
  },
};

const sets = new WeakMap<object, string>();
let made = 0;

/** Parsing the conditions costs far more than judging them, so each set is handed to Cedar once. */
function preparsed(conditions: Readonly<Record<string, CedarExpr>>): string {
  const known = sets.get(conditions);
  if (known !== undefined) return known;
  const id = `conditions-${(made += 1)}`;
  const staticPolicies = Object.fromEntries(Object.entries(conditions).map(([name, body]) => [name, asPolicy(body)]));
  const answer = cedar.preparsePolicySet(id, { staticPolicies });
  if (answer.type === "failure") throw new Error(`Cedar refused a set: ${answer.errors.map((error) => error.message).join("; ")}`);
  sets.set(conditions, id);
  return id;
}

const asPolicy = (body: CedarExpr): cedar.PolicyJson => ({
  effect: "permit",
  principal: { op: "All" },
  action: { op: "All" },
  resource: { op: "All" },
  conditions: [{ kind: "when", body: body as unknown as cedar.Expr }],
});

/** The formatter gives the argument of a long list's `contains` three lines of its own; it reads better behind the list. */
const BROKEN_CALL = /\.contains\n\s+\(\n\s+([\w.]+)\n\s+\)/g;

/** Cedar's own formatter, two spaces deep. WHY the width: a head with one recipient and two actions stays on one line. */
export const formatCedar: CedarFormatter = (policyText) => {
  const answer = cedar.formatPolicies({ policyText, lineWidth: 120, indentWidth: 2 });
  return answer.type === "success"
    ? { text: answer.formatted_policy.replaceAll(BROKEN_CALL, ".contains($1)") }
    : { errors: answer.errors.map((error) => toError(error, policyText)) };
};
