/** The maximum width of a line of output, in columns. */
export const LINE_WIDTH = 120;
