/** Limits that keep Cedar's own recursion within its stack, with room to spare. */
const MAX_DEPTH = 64;
const MAX_JOINTS = 400;

const OPENERS = "([{";
const CLOSERS = ")]}";

/**
 * Where a block first nests deeper, or chains more operators in one policy, than a rule may.
 * WHY: Cedar's WebAssembly build traps on such text and then answers nothing any more, so it must not see it.
 */
export function overlyNested(block: string): { readonly offset: number; readonly message: string } | undefined {
  let depth = 0;
  let joints = 0;
  for (const { 0: token, index: offset } of block.matchAll(
    /"(?:[^"\\]|\\[\s\S])*"?|\/\/[^\n]*|[()[\]{};.!-]|&&|\|\||\b(?:if|when|unless)\b/g,
  )) {
    if (OPENERS.includes(token)) depth += 1;
    else if (CLOSERS.includes(token)) depth = Math.max(0, depth - 1);
    else if (token === ";") joints = 0;
    else if (!token.startsWith('"') && !token.startsWith("//")) joints += 1;
    if (depth > MAX_DEPTH) return { offset, message: `more than ${MAX_DEPTH} brackets within each other` };
    if (joints > MAX_JOINTS) return { offset, message: `more than ${MAX_JOINTS} operators in one rule` };
  }
  return undefined;
}
