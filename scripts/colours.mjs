// What makes programs use colours though nobody at a terminal reads them. NO_COLOR does not win over all of these.
const FORCING = ['FORCE_COLOR', 'FORCE_HYPERLINK', 'CLICOLOR_FORCE', 'npm_config_color'];

/** Changes an environment so that programs print without colours: for those whose output is read. */
export function withoutColours(env) {
  for (const name of FORCING) delete env[name];
  env.NO_COLOR = '1';
  return env;
}
