/** The known word closest to `word` by edit distance, when close enough to be a slip. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const scored = [...known].map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  const best = scored.sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** `did you mean …` for a misspelt word; names where the words are listed when nothing is near. */
export function nearestHint(word: string, known: Iterable<string>, listedIn: string): string {
  const near = nearest(word, known);
  return near === undefined ? `the known words are listed in ${listedIn}` : `did you mean "${near}"?`;
}

function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const swap = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, swap));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
