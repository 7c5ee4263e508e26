import type { Sink } from '../../state/event-streams';
import { refuse } from '../../twilio/errors';
import type { Params } from '../params';

type Settings = Pick<Sink, 'description' | 'destination' | 'method' | 'batchEvents'>;

/** What a create says of a sink. Only the webhook that is POSTed to is played here. */
export function readSink(params: Params): Settings {
  const description = readDescription(params);
  const type = params.string('SinkType') ?? refuse(91000, 'SinkType is missing');
  if (type !== 'webhook') refuse(91000, `The emulator has sinks of SinkType webhook only, not "${type}"`);
  const { destination, method, batch_events: batchEvents = false } = readConfiguration(params);
  if (typeof destination !== 'string' || !isUrl(destination)) {
    return refuse(91000, 'SinkConfiguration.destination takes an http or https URL');
  }
  if (typeof method !== 'string' || method.toUpperCase() !== 'POST') {
    return refuse(91000, 'SinkConfiguration.method takes POST; the emulator does not play GET');
  }
  if (typeof batchEvents !== 'boolean') {
    return refuse(91000, 'SinkConfiguration.batch_events takes true or false');
  }
  return { description, destination, method, batchEvents };
}

export const readDescription = (params: Params) =>
  params.string('Description') || refuse(91000, 'Description is empty');

function readConfiguration(params: Params): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(params.string('SinkConfiguration') ?? '');
    if (typeof value === 'object' && value !== null) return value as { [name: string]: unknown };
  } catch {
    // Said below, in the same words as for JSON that is no object.
  }
  return refuse(91000, 'SinkConfiguration takes JSON like {"destination":"https://…","method":"POST"}');
}

const isUrl = (text: string) => /^https?:\/\//i.test(text) && URL.canParse(text);
