import stringWidth from 'string-width';
import { wrapWords } from './wrap';

type Row = readonly string[];

interface Layout {
  /** Names of the columns, printed above them. */
  readonly header?: Row;
  /** How many characters fit into a line. */
  readonly width?: number | undefined;
  readonly indent?: string;
  /** Whether the first column is of numbers, which are aligned on the right. */
  readonly isNumbered?: boolean;
  /** How the header is printed. */
  readonly heading?: (text: string) => string;
}

const DEFAULT_WIDTH = 80;
const GAP = '  ';
/** What the last column of a table without a header gets at least. */
const LEAST_LAST = 20;

/**
 * Rows in columns, as lines that fit the width: cells that are too long go on in the next line. A word is never broken, so that
 * URLs and SIDs can be copied. Where columns are too narrow for that, each row is printed as pairs of name and value, without what is empty.
 */
export function table(rows: readonly Row[], layout: Layout = {}): string[] {
  const { header, width = DEFAULT_WIDTH, indent = '', isNumbered = false, heading = (text) => text } = layout;
  const all = header ? [header, ...rows] : rows;
  const available = width - indent.length;
  const widths = fit(all, available, header !== undefined);
  if (header && sum(widths) > available)
    return rows.flatMap((row, i) => [
      ...(i > 0 ? [''] : []),
      ...table(
        header.flatMap((name, column) => (row[column] ? [[heading(name), row[column]]] : [])),
        { width, indent },
      ),
    ]);
  return all.flatMap((row, i) => {
    const cells = row.map((cell, column) => wrapWords(cell, widths[column]!));
    const style = header && i === 0 ? heading : (text: string) => text;
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => {
      const padded = cells.map((lines, column) =>
        pad(lines[line] ?? '', widths[column]!, isNumbered && column === 0),
      );
      return style(`${indent}${padded.join(GAP)}`.trimEnd());
    });
  });
}

/** How wide each column is: as wide as its widest cell if all fit, else the widest ones narrower, down to their longest word. */
function fit(rows: readonly Row[], available: number, hasHeader: boolean): number[] {
  const columns = Math.max(0, ...rows.map(({ length }) => length));
  const widest = (measure: (cell: string) => number) =>
    Array.from({ length: columns }, (_, i) => Math.max(0, ...rows.map((row) => measure(row[i] ?? ''))));
  const widths = widest(stringWidth);
  const least = widest((cell) => Math.max(...cell.split(' ').map(stringWidth)));
  // A URL sticks out at the end of its line, and the rest is wrapped as if it did not.
  if (!hasHeader && columns > 0) least[columns - 1] = Math.min(least[columns - 1]!, LEAST_LAST);
  for (let over = sum(widths) - available; over > 0; over--) {
    const [next] = widths
      .map((width, i) => ({ i, width }))
      .filter(({ i, width }) => width > least[i]!)
      .sort((a, b) => b.width - a.width);
    if (!next) break;
    widths[next.i]! -= 1;
  }
  return widths;
}

const sum = (widths: readonly number[]) =>
  widths.reduce((total, width) => total + width, 0) + GAP.length * Math.max(0, widths.length - 1);

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return isRight ? space + text : text + space;
}
