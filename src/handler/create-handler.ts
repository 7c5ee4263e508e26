import '@twilio-labs/serverless-runtime-types';
import type { ServerlessFunctionSignature } from '@twilio-labs/serverless-runtime-types/types';
import { ApiError } from '../lib/api-error';
import type { Environment } from '../lib/environment';
import type { Site } from '../lib/url';
import { endWithDevServer } from './dev-server';
import { logCall } from './log';
import { redact } from './redact';
import { siteOf } from './site';

/** One call of a function. */
export interface Call {
  readonly env: Environment;
  /** When it is time to answer, on the clock of performance.now(). */
  readonly deadline: number;
  readonly site: Site;
  /** API calls made so far, and how many of them were repetitions. */
  calls: number;
  retries: number;
}

interface HandlerResponse {
  /** HTTP status; 200 where there is none. */
  readonly status?: number;
  /** A flat JSON object: Studio parses no list and no bare value. */
  readonly body: object;
}

export interface HandlerDefinition<I> {
  /** The operation's name in the log. */
  readonly operation: string;
  /** Reads what the function needs of the runtime's event. @throws ApiError */
  parse(event: object): I;
  /** Milliseconds from the call to the answer, whatever happens. The platform ends a Function after 10 s. */
  readonly deadlineMs: number;
  run(input: I, call: Call): Promise<HandlerResponse>;
}

/** The deadline of what people and Studio widgets call: both wait 10 s. */
export const WIDGET_DEADLINE_MS = 9_000;
/** The deadline of what Conversations calls: it waits 5 s. */
export const EVENT_DEADLINE_MS = 4_500;

/** What of an input stands in the log: the conversation, and of an event its name. */
interface LogSubject {
  readonly ConversationSid?: string | undefined;
  readonly EventType?: string | undefined;
  readonly unknown?: string | undefined;
}

// What is left of the deadline for the answer itself, once the last API call was cut short.
const RESPONSE_RESERVE_MS = 250;

/**
 * Makes the handler of a function. Whatever `run` does, the runtime's callback is called once, with a response, before the
 * deadline, and nothing is thrown: an error is answered as Twilio's four keys, with the HTTP status that sends a Studio
 * widget down its `fail` branch. A plain function that returns nothing: the form that every runtime handler accepts.
 */
export function createHandler<I extends object>(
  definition: HandlerDefinition<I>,
): ServerlessFunctionSignature<Environment> {
  return (context, event, callback) => {
    endWithDevServer();
    const started = performance.now();
    const call: Call = {
      env: context,
      deadline: started + definition.deadlineMs - RESPONSE_RESERVE_MS,
      site: siteOf(context),
      calls: 0,
      retries: 0,
    };
    respond(definition, event, call)
      .then((answered) => {
        const { named, status = 200, body } = redact(answered, context);
        const ms = Math.round(performance.now() - started);
        logCall({
          operation: definition.operation,
          ...named,
          status,
          body,
          calls: call.calls,
          retries: call.retries,
          ms,
        });
        const response = new Twilio.Response();
        response.setStatusCode(status);
        response.appendHeader('Content-Type', 'application/json');
        response.setBody(body);
        callback(null, response);
      })
      // What the runtime makes of the answer is out of our hands, and an unhandled rejection would end a dev server.
      .catch((error) => internalError(error, context));
  };
}

async function respond<I extends object>(definition: HandlerDefinition<I>, event: object, call: Call) {
  let named: { conversation?: string | undefined; event?: string | undefined } = {};
  let timer: NodeJS.Timeout | undefined;
  try {
    const input = definition.parse(event);
    const { ConversationSid, EventType, unknown }: LogSubject = input;
    named = { conversation: ConversationSid, event: EventType ?? unknown };
    const late = new Promise<never>((_, reject) => {
      const seconds = definition.deadlineMs / 1000;
      timer = setTimeout(
        () => reject(new ApiError(20503, `No result within ${seconds} s; try again`)),
        definition.deadlineMs,
      );
    });
    return { named, ...(await Promise.race([definition.run(input, call), late])) };
  } catch (error) {
    const known = error instanceof ApiError ? error : internalError(error, call.env);
    return { named, status: known.status, body: known.toJSON() };
  } finally {
    clearTimeout(timer);
  }
}

function internalError(error: unknown, env: Environment): ApiError {
  const stack = error instanceof Error ? error.stack : 'something was thrown that is no error';
  console.error(redact(stack, env));
  return new ApiError(
    20500,
    'This function failed by a fault of its own; its log says where',
    undefined,
    500,
  );
}
