import '@twilio-labs/serverless-runtime-types';
import type { ServerlessFunctionSignature } from '@twilio-labs/serverless-runtime-types/types';
import { ApiError } from '../lib/api-error';
import { type Environment, trimVariables } from '../lib/environment';
import type { Site } from '../lib/url';
import { endWithDevServer } from './dev-server';
import { type LogLine, logCall } from './log';
import { redact } from './redact';
import { siteOf } from './site';

/** One call of a function. */
export interface Call {
  readonly env: Environment;
  /** When to respond, on the clock of performance.now(). */
  readonly deadline: number;
  readonly site: Site;
  /** API calls made so far, and how many of them were retries. */
  calls: number;
  retries: number;
}

interface HandlerResponse {
  /** HTTP status; 200 by default. */
  readonly status?: number;
  /** A flat JSON object: Studio parses neither arrays nor bare values. */
  readonly body: object;
}

export interface HandlerDefinition<I> {
  /** The operation's name in the log. */
  readonly operation: string;
  /** Parses the runtime's event. @throws ApiError */
  parse(event: object): I;
  run(input: I, call: Call): Promise<HandlerResponse>;
}

/**
 * From the call to the response, whatever happens: the platform kills a Function after 10 s. Conversations stops waiting for
 * an event's response after 5 s, but what goes on is worth more than that response.
 */
const DEADLINE_MS = 9_000;

/** The parts of an input that are logged. */
interface LogSubject {
  readonly ConversationSid?: string | undefined;
  readonly EventType?: string | undefined;
  /** Of the message that an event is about; a string in other events, where it means nothing. */
  readonly Index?: unknown;
  readonly unknown?: string | undefined;
}

// Left for the response itself after the deadline aborts the last API call.
const RESPONSE_RESERVE_MS = 250;

/**
 * Creates the handler of a function. Whatever `run` does, the handler throws nothing and calls the runtime's callback once,
 * with a response, before the deadline. An error becomes Twilio's four keys and an HTTP status that sends a Studio widget
 * down its `fail` branch.
 */
export function createHandler<I extends object>(
  definition: HandlerDefinition<I>,
): ServerlessFunctionSignature<Environment> {
  return (variables, event, callback) => {
    endWithDevServer();
    const context = trimVariables(variables);
    const started = performance.now();
    const call: Call = {
      env: context,
      deadline: started + DEADLINE_MS - RESPONSE_RESERVE_MS,
      site: siteOf(context),
      calls: 0,
      retries: 0,
    };
    respond(definition, event, call)
      .then((result) => {
        const { subject, status = 200, body } = redact(result, context);
        const ms = Math.round(performance.now() - started);
        logCall({
          operation: definition.operation,
          ...subject,
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
      // The runtime's callback may throw, and an unhandled rejection would kill a dev server.
      .catch((error) => internalError(error, context));
  };
}

async function respond<I extends object>(definition: HandlerDefinition<I>, event: object, call: Call) {
  let subject: Pick<LogLine, 'conversation' | 'event' | 'index'> = {};
  let timer: NodeJS.Timeout | undefined;
  try {
    const input = definition.parse(event);
    const { ConversationSid, EventType, Index, unknown }: LogSubject = input;
    const index = typeof Index === 'number' ? Index : undefined;
    subject = { conversation: ConversationSid, event: EventType ?? unknown, index };
    const late = new Promise<never>((_, reject) => {
      const seconds = DEADLINE_MS / 1000;
      timer = setTimeout(
        () => reject(new ApiError(20503, `No result within ${seconds} s; try again`)),
        DEADLINE_MS,
      );
    });
    return { subject, ...(await Promise.race([definition.run(input, call), late])) };
  } catch (error) {
    const known = error instanceof ApiError ? error : internalError(error, call.env);
    return { subject, status: known.status, body: known.toJSON() };
  } finally {
    clearTimeout(timer);
  }
}

function internalError(error: unknown, env: Environment): ApiError {
  const stack = error instanceof Error ? error.stack : 'the thrown value is not an Error';
  console.error(redact(stack, env));
  return new ApiError(20500, "Internal error; see the function's log", undefined, 500);
}
