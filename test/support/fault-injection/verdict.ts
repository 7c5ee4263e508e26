import { type Point, SECRETS } from './faults';
import { identity, type Printed } from './place';
import type { Trial } from './trial';

const CHANGES: Readonly<Record<string, string>> = { create: 'create', update: 'update', remove: 'delete' };
/** Codes that say that Twilio cannot be reached, is at fault, asks for patience, or met a conflict. */
const FAILURES = [20409, 20429, 20500, 20503];

/** Whether the faults were too many for a call that does well without them. */
export function gaveUp({ answered }: Trial, undisturbed: Trial): boolean {
  return answered.status >= 400 && answered.status !== undisturbed.answered.status;
}

/** What is wrong with a call in whose way something was, compared with the one in whose way nothing was. */
export function faultsOf(trial: Trial, undisturbed: Trial, point: Point): string[] {
  const { answered, before, after } = trial;
  const broken = [...leaks(trial), ...touched(trial), ...doubles(trial, undisturbed)];
  if (after.length > 5) broken.push(`there are ${after.length} webhooks`);
  if (gaveUp(trial, undisturbed)) {
    // Only a sync lists again after a conflict: another caller can tell what was not done.
    const isConflict = answered.status === 409 && undisturbed.answered.body.plan === undefined;
    if (point.single && !isConflict) broken.push('one fault was too many');
    if (!FAILURES.includes(Number(answered.body.code)) || answered.body.status !== answered.status)
      broken.push('it fails with a code of its own');
    broken.push(...untold(trial));
  } else {
    if (!isRight(trial, undisturbed)) broken.push('it answers something else');
    broken.push(...elsewhere(trial, undisturbed));
  }
  if (broken.length > 0)
    broken.push(JSON.stringify(answered.body), ...before.map(print), '→', ...after.map(print));
  return broken;
}

/** What is wrong with a call that was made again, with nothing in its way. */
export function faultsOfSecond(second: Trial, undisturbed: Trial): string[] {
  const broken = [...leaks(second), ...touched(second), ...elsewhere(second, undisturbed)];
  if (gaveUp(second, undisturbed)) broken.push('it fails');
  if (broken.length > 0) broken.push(JSON.stringify(second.answered.body), ...second.after.map(print));
  return broken.map((text) => `made again: ${text}`);
}

function leaks({ answered }: Trial): string[] {
  const text = JSON.stringify(answered.body) + answered.printed;
  return SECRETS.some((secret) => text.includes(secret)) ? ['a secret is in the answer or in the log'] : [];
}

/** What nobody asked for must be as it was, to the letter. */
function touched({ before, after }: Trial): string[] {
  const there = after.map((webhook) => JSON.stringify(webhook));
  return before
    .filter(({ configuration }) => configuration.url?.includes('//theirs'))
    .filter((webhook) => !there.includes(JSON.stringify(webhook)))
    .map((webhook) => `changed, and foreign: ${print(webhook)}`);
}

/** Of each identity as many are created as without the fault, and no more stand than before or than one. */
function doubles({ before, after, processed }: Trial, undisturbed: Trial): string[] {
  const made = ({ processed: calls }: Pick<Trial, 'processed'>) =>
    calls.filter(({ name, status }) => name === 'create' && status === 201).map((call) => call.identity);
  const count = (all: readonly string[], one: string) => all.filter((each) => each === one).length;
  const [stood, stand] = [before.map(identity), after.map(identity)];
  return [
    ...[...new Set(stand)]
      .filter((one) => count(stand, one) > Math.max(1, count(stood, one)))
      .map((one) => `${one} is double`),
    ...[...new Set(made({ processed }))]
      .filter((one) => count(made({ processed }), one) > Math.max(1, count(made(undisturbed), one)))
      .map((one) => `${one} was created twice`),
  ];
}

/** An error names all that is known to have been done, and nothing else; one that is no 5xx leaves nothing unknown. */
function untold({ answered, processed }: Trial): string[] {
  const done = processed.filter(({ name, status }) => name in CHANGES && status < 300);
  const changes = (calls: typeof done) =>
    calls.map(({ name, sid }) => `${CHANGES[name]} ${name === 'create' ? '' : sid}`);
  const told = toldIn(answered.body.details ?? {});
  // What was deleted then was changed in vain.
  const lasting = done.filter(({ name, sid }) => name !== 'update' || !told.includes(`delete ${sid}`));
  const [made, known] = [changes(lasting), changes(lasting.filter((call) => call.answered))];
  return [
    ...without(known, told).map((change) => `details are silent about: ${change}`),
    ...without(told, made).map((change) => `details have what was not done: ${change}`),
    ...(answered.status < 500
      ? without(made, told).map((change) => `a ${answered.status} for: ${change}`)
      : []),
  ];
}

interface Details {
  readonly created?: string;
  readonly updated?: string;
  readonly detached?: readonly string[];
  readonly plan?: readonly { readonly step: string; readonly sid?: string }[];
}

function toldIn({ created, updated, detached = [], plan = [] }: Details): string[] {
  return [
    ...(created ? ['create '] : []),
    ...(updated ? [`update ${updated}`] : []),
    ...detached.map((sid) => `delete ${sid}`),
    ...plan.map(({ step, sid = '' }) => `${step} ${sid}`),
  ];
}

function without(all: readonly string[], some: readonly string[]): string[] {
  const left = [...some];
  return all.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Attached is what the undisturbed call leaves behind, and what it had delivered again was delivered. */
function elsewhere({ after, heard }: Trial, undisturbed: Trial): string[] {
  const texts = (webhooks: readonly Printed[]) => webhooks.map(print).sort().join('\n');
  const unheard = undisturbed.heard.filter((message) => !heard.includes(message));
  return [
    ...(texts(after) === texts(undisturbed.after) ? [] : ['it ends elsewhere']),
    ...unheard.map((message) => `nobody was sent: ${message}`),
  ];
}

/** The answer is the undisturbed one, or says less of what was done where an answer was lost that would have told. */
function isRight({ answered, processed }: Trial, undisturbed: Trial): boolean {
  const lost = processed.some(({ name, answered }) => name === 'create' && !answered);
  const shorn: Record<string, unknown> = { ...undisturbed.answered.body };
  if (lost && shorn.result === 'created') shorn.result = 'unchanged';
  if (lost) delete shorn.replayed;
  if (shorn.code === 50361) delete shorn.details;
  if (shorn.count === 0) Object.assign(shorn, { detached: ['WH0'], count: 1 });
  if (answered.body.verified === false)
    Object.assign(shorn, { verified: false, warnings: answered.body.warnings });
  return [undisturbed.answered.body, shorn].some((right) => textOf(right) === textOf(answered.body));
}

// SIDs differ from call to call; how many calls it took is not part of what is right.
function textOf(body: object): string {
  const entries = Object.entries({ ...body, calls: 0, rounds: 0 }).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries).replace(/WH\w+/g, '');
}

// When a router was decided or taken over, and a key that is drawn for each request, are all that a later call changes.
function print({ target, configuration }: Printed): string {
  return `${target} ${JSON.stringify(configuration).replace(/At=\d+|Adopted=\d+|Done=[\w-]*/g, '')}`;
}
