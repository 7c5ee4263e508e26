import { apiClient } from './api';
import { type FunctionsOptions, type Program, startEmulator, startFunctions } from './programs';
import { startReceiver } from './receiver';

type Listening = Program & { readonly origin: string };

/**
 * The emulator and the functions under twilio-run that the files of a test run share. A file may change its own conversations,
 * and nothing else: no options, clock, faults, log or reset.
 */
export function useSharedStack() {
  const { emulator, functions } = JSON.parse(process.env.SHARED_STACK ?? '{}');
  return { emulator: { origin: emulator }, functions: { origin: functions }, api: apiClient(emulator) };
}

/**
 * An emulator and functions for one file alone: started before its tests, ended after them.
 * @param variables other variables of the functions, read once the emulator has started
 */
export function useStack(
  variables: () => Record<string, string> = () => ({}),
  options: FunctionsOptions = {},
) {
  const emulator = {} as Listening;
  const functions = {} as Listening;
  beforeAll(async () => {
    Object.assign(emulator, await startEmulator());
    const env = { TWILIO_API_BASE_URL: emulator.origin, ...variables() };
    Object.assign(functions, await startFunctions(env, options));
  });
  afterAll(() => Promise.all([functions.stop?.(), emulator.stop?.()]));
  return { emulator, functions };
}

/** A server for webhooks to call, started and ended in the same way. */
export function useReceiver() {
  const receiver = {} as Awaited<ReturnType<typeof startReceiver>>;
  beforeAll(async () => {
    Object.assign(receiver, await startReceiver());
  });
  afterAll(() => receiver.stop?.());
  return receiver;
}
