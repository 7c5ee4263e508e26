/** A number as people read it: 12,345. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 conversation`, `2 conversations` */
export function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
