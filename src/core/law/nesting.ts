/** Limits far below what was seen to exhaust Cedar's stack: 110 brackets, 250 clauses, 500 attributes in a chain. */
const MAX_DEPTH = 24;
const MAX_JOINTS = 120;

const OPENERS = "([{";
const CLOSERS = ")]}";
/** Strings, comments, chains of eight attributes, brackets, and everything that joins two parts of a condition. */
const TOKEN = /"(?:[^"\\]|\\[\s\S])*"?|\/\/[^\n]*|(?:\.\s*\w+\s*){8}|[()[\]{};+*-]|&&|\|\||\b(?:if|when|unless)\b/g;

/**
 * Where a block first nests deeper, or chains more operators in one rule, than a rule may.
 * WHY: Cedar's WebAssembly build traps on such text and then answers nothing any more, so it must not see it.
 */
export function overlyNested(block: string): { readonly offset: number; readonly message: string } | undefined {
  let depth = 0;
  let joints = 0;
  for (const { 0: token, index: offset } of block.matchAll(TOKEN)) {
    if (OPENERS.includes(token)) depth += 1;
    else if (CLOSERS.includes(token)) depth = Math.max(0, depth - 1);
    else if (token === ";") joints = 0;
    else if (token.startsWith(".")) return { offset, message: "more attributes than one rule may chain" };
    else if (!token.startsWith('"') && !token.startsWith("//")) joints += 1;
    if (depth > MAX_DEPTH) return { offset, message: `more than ${MAX_DEPTH} brackets within each other` };
    if (joints > MAX_JOINTS) return { offset, message: `more than ${MAX_JOINTS} operators in one rule` };
  }
  return undefined;
}
