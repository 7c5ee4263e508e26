// The demo as text: 23 lines of 80 columns, in colour where the terminal has it.
import { stripVTControlCharacters, styleText } from 'node:util';
import { hasColours } from '../colours.mjs';

const STYLES = { router: 'blue', bot: 'cyan', crm: 'magenta', sos: 'yellow' };
const SLOTS = 5;

const colours = hasColours(process.env, process.stdout);
const style = (format, text) => (colours ? styleText(format, text, { validateStream: false }) : text);
/** The name of a webhook, with a star or without. */
const paint = (name) => style(STYLES[name.replace('*', '')] ?? 'red', name);

export const heading = `\
A hand-off from a bot to a human, on the emulator. Five slots hold webhooks:
${paint('router')} the functions, ${paint('bot')} a Studio flow, ${paint('crm')} your CRM, ${paint('sos')} the word "urgent".
${style('bold', row('TIME', 'WHO', 'WHAT', 'RECEIVED BY', 'SLOTS AFTER'))}`;

/** A scene: its lines, and what is in the slots after the last of them. */
export function paragraph(seconds, { lines, attached }) {
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return lines
    .map(({ who, what, by }, number) =>
      row(
        style('dim', number === 0 ? time : ''),
        who,
        what,
        by.map(paint).join(' '),
        number === lines.length - 1 ? slots(attached) : '',
      ),
    )
    .join('\n');
}

/** The promises, each with its result and what was observed. */
export function verdict(promises) {
  const rows = promises.map(({ held, promise, seen }) => {
    const result = held ? style('green', 'ok ') : style(['bold', 'red'], 'NOT');
    return `${result}  ${promise.padEnd(52)} ${style('dim', seen)}`;
  });
  return [style('dim', '* replayed: sent before the webhook was attached'), '', ...rows].join('\n');
}

/** What to do when every promise has held. */
export const next = (page) =>
  `\nAll held. Next: ${style('bold', 'npm start')}, press New at ${style('underline', page)}, write "human"`;

function slots(attached) {
  return Array.from({ length: Math.max(SLOTS, attached.length) }, (_, place) =>
    pad(attached[place] === undefined ? style('dim', '·') : paint(attached[place]), 3),
  ).join(' ');
}

function row(time, who, what, by, slots) {
  return `${pad(time, 5)} ${pad(who, 9)} ${pad(what, 29)} ${pad(by, 13)} ${slots}`.trimEnd();
}

function pad(text, width) {
  return text + ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}
