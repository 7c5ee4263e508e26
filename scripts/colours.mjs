// Variables that force colours without a terminal. NO_COLOR does not override all of them.
const FORCING = ['FORCE_COLOR', 'FORCE_HYPERLINK', 'CLICOLOR_FORCE', 'npm_config_color'];

/** Changes an environment so that programs print without colours, for programs whose output is parsed. */
export function withoutColours(env) {
  for (const name of FORCING) delete env[name];
  env.NO_COLOR = '1';
  return env;
}

/** The same for programs whose output this process passes on: they print with colours if it would. */
export function withOurColours(env) {
  if (hasColours(env, process.stdout)) env.FORCE_COLOR ??= '1';
  return env;
}

/** Whether to print colours on a stream: as NO_COLOR and FORCE_COLOR want it, else on a terminal that has them. */
export function hasColours({ NO_COLOR, FORCE_COLOR }, stream) {
  if (NO_COLOR) return false;
  return FORCE_COLOR ? FORCE_COLOR !== '0' : (stream.hasColors?.() ?? false);
}
