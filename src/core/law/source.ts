/** One file of the law folder, as text. Paths use `/` and are relative to that folder. */
export type SourceFile = { readonly path: string; readonly text: string };

/** How well the people who entered an instrument know its text. */
export type Grade = "read" | "secondary" | "recalled";
export const GRADES: readonly Grade[] = ["read", "secondary", "recalled"];

/** The worse of two. */
export const lowerGrade = (a: Grade, b: Grade): Grade => (GRADES.indexOf(a) > GRADES.indexOf(b) ? a : b);

/** Limits on what will be parsed at all. */
export const MAX_SOURCE_CHARS = 400_000;
export const MAX_SOURCE_BYTES: number = 4 * MAX_SOURCE_CHARS;
export const MAX_SOURCE_FILES = 4_000;
