/** A whole number, or its digits, with commas between thousands, for people to read. */
export const thousands = (count: number | bigint | string): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ",");
