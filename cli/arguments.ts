import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Refusal } from './refusal';

const SECRET = /^-*(twilio[_-]?)?(auth[_-]?token|api[_-]?(key[_-]?)?secret)([=:]|$)/i;

/**
 * Reads a command line as Node does, in one sentence where it is wrong. Secrets are refused, and not repeated: everybody
 * on a machine can list the arguments of what runs there, and shells keep them.
 * @throws Refusal with the given exit code; with the usage and 0 where that is asked for
 */
export function readArguments<C extends ParseArgsConfig>(config: C, usage: string, exitCode: number) {
  if (config.args?.some((arg) => SECRET.test(arg)))
    throw new Refusal(
      'Secrets are not taken as arguments, where others could read them: AUTH_TOKEN belongs into .env or the environment.',
      exitCode,
    );
  if (config.args?.some((arg) => arg === '--help' || arg === '-h')) throw new Refusal(usage, 0);
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's own text goes on for several sentences about positional arguments.
    const [reason] = (error as Error).message.split(/\. |\n/);
    // Nor is an argument shown that is no option: it may be a token.
    const shown = reason?.replace(/\.$/, '').replace(/ '(?!-).*/s, '');
    throw new Refusal(`${shown}. ${usage}`, exitCode);
  }
}

/** @throws Refusal where the token stands in an argument, under whatever name */
export function assertWithoutToken(
  args: readonly string[],
  { AUTH_TOKEN }: { AUTH_TOKEN?: string | undefined },
  exitCode: number,
): void {
  if (AUTH_TOKEN && args.some((arg) => arg.includes(AUTH_TOKEN)))
    throw new Refusal('An argument has the auth token in it, where others could read it.', exitCode);
}
