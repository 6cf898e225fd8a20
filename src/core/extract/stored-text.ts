const HALF_CHARACTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whether text can be stored as it is: no NUL, and no half of a character. */
export const isStorable = (text: string): boolean => !text.includes("\0") && !HALF_CHARACTER.test(text);
