import type { Sink } from '../../state/event-streams';
import { refuse } from '../../twilio/errors';
import type { Params } from '../params';
import { parseUrl } from '../parse-url';

type Settings = Pick<Sink, 'description' | 'destination' | 'method' | 'batchEvents'>;

/** The settings of a new sink: a webhook that is POSTed to. */
export function readSink(params: Params): Settings {
  const description = readDescription(params);
  const type = params.string('SinkType') ?? refuse(91000, 'SinkType is missing');
  if (type !== 'webhook') refuse(91000, `SinkType must be webhook, not "${type}"; the emulator has no other`);
  const { destination, method, batch_events: batchEvents = false } = readConfiguration(params);
  if (typeof destination !== 'string' || !isUrl(destination)) {
    return refuse(91000, 'SinkConfiguration.destination must be an http or https URL');
  }
  if (typeof method !== 'string' || method.toUpperCase() !== 'POST') {
    return refuse(91000, 'SinkConfiguration.method must be POST; the emulator has no other');
  }
  if (typeof batchEvents !== 'boolean') {
    return refuse(91000, 'SinkConfiguration.batch_events must be true or false');
  }
  return { description, destination, method, batchEvents };
}

export const readDescription = (params: Params) =>
  params.string('Description') || refuse(91000, 'Description must not be empty');

function readConfiguration(params: Params): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(params.string('SinkConfiguration') ?? '');
    if (typeof value === 'object' && value !== null) return value as { [name: string]: unknown };
  } catch {
    // Refused below, like JSON that is not an object.
  }
  return refuse(91000, 'SinkConfiguration must be JSON such as {"destination":"https://…","method":"POST"}');
}

const isUrl = (text: string) => /^https?:\/\//i.test(text) && parseUrl(text) !== undefined;
