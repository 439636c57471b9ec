// The colour by which an election is known: two that follow each other never look alike.

/** Degrees between the hues of two numbers that follow each other. */
const STEP = 137;
const FIRST = 205;

/** The colour of an election's band. White letters on it are readable. */
export function bandColor(number: number): string {
  return `hsl(${(FIRST + (number - 1) * STEP) % 360}, 45%, 32%)`;
}
