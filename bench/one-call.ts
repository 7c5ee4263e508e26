import { writeSync } from 'node:fs';
import { call, contextOf, type Handler, installGlobals } from './runtime';

// A process that loads one function, calls it once, and says what that took: node one-call.js FUNCTION ASSETS EVENT

/** Milliseconds; CPU of all threads; memory in kilobytes. */
export interface OneCall {
  /** The function's file, and the Twilio library where the function asks for it. */
  readonly load: number;
  /** From the call to the response, without the time for loading. */
  readonly request: number;
  /** From the start of the process to the response. */
  readonly total: number;
  readonly cpu: number;
  readonly memory: number;
}

async function main() {
  const [, , file = '', assets = '', event = ''] = process.argv;
  // The runtime has it loaded before it loads a function. No import: esbuild drops one of which nothing is used.
  require('node:https');
  installGlobals(assets);
  let library = 0;
  const context = contextOf(process.env, (ms) => {
    library = ms;
  });
  const began = performance.now();
  const { handler }: { handler: Handler } = require(file);
  const called = performance.now();
  await call(handler, context, JSON.parse(event));
  const total = performance.now();
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  const result: OneCall = {
    load: called - began + library,
    request: total - called - library,
    total,
    cpu: (user + system) / 1000,
    memory: maxRSS,
  };
  writeSync(1, `\n${JSON.stringify(result)}\n`);
  process.exit(0);
}

main().catch(({ message }: Error) => {
  console.error(message);
  process.exit(1);
});
