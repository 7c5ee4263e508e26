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
  if (process.stdout.hasColors?.() && !env.NO_COLOR) env.FORCE_COLOR ??= '1';
  return env;
}
