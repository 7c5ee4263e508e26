import stringWidth from 'string-width';

/** Lines that fit the width, of whole words; those that follow are indented as deep as the text of the first. */
export function wrap(line: string, width = 80): string[] {
  const [, indent = ''] = /^( *(?:\d+\. |→ |[✓✗–?] |\d\d:\d\d:\d\d )?)/.exec(line) ?? [];
  const lines: string[] = [];
  let current = indent;
  for (const word of line.slice(indent.length).split(' ')) {
    const next = current.trimEnd() === '' || current.endsWith(' ') ? current + word : `${current} ${word}`;
    if (stringWidth(next) <= width || current.trim() === '') current = next;
    else {
      lines.push(current);
      current = ' '.repeat(indent.length) + word;
    }
  }
  return [...lines, current];
}

/** What is printed on a screen of so many columns; as it is where it is not one, so that each sentence stays one line. */
export function onScreen(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => wrap(line, columns))
    .join('\n');
}
