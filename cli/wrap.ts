import stringWidth from 'string-width';

/** Lines that fit the width, of whole words; those that follow are indented as deep as the text of the first. */
export function wrap(line: string, width = 80): string[] {
  const [, indent = ''] = /^( *(?:\d+\. |→ |[✓✗–?] |\d\d:\d\d:\d\d )?)/.exec(line) ?? [];
  const words = line.slice(indent.length).replaceAll(/ +/g, ' ');
  return wrapWords(words, width - indent.length).map(
    (text, i) => (i === 0 ? indent : ' '.repeat(indent.length)) + text,
  );
}

/** Lines of whole words; one that is longer than the width sticks out. */
export function wrapWords(text: string, width: number): string[] {
  if (stringWidth(text) <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && stringWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** What is printed on a screen of so many columns; as it is where it is not one, so that each sentence stays one line. */
export function onScreen(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => wrap(line, columns))
    .join('\n');
}
