/** The longest delay of a Node.js timer, in milliseconds: 24.8 days. A timer with a longer delay fires at once. */
export const LONGEST_DELAY: number = 2 ** 31 - 1;
