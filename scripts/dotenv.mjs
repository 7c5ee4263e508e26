// Prints a .env file where there is no person to fill it in: the object of VARIABLES (JSON), and those environment variables
// that are named: VARIABLES='{"CRM_URL":"https://crm.example"}' node scripts/dotenv.mjs ACCOUNT_SID AUTH_TOKEN > .env
const { VARIABLES = '{}', ...environment } = process.env;
const named = Object.fromEntries(process.argv.slice(2).map((name) => [name, environment[name] ?? '']));
const variables = Object.entries({ ...JSON.parse(VARIABLES), ...named });

// In double quotes, which a single quote needs, a backslash would mean something else.
const unfit = variables.find(([, value]) => /[\n\r]/.test(value) || (/'/.test(value) && /["\\]/.test(value)));
if (unfit) {
  console.error(`${unfit[0]} cannot stand in a .env file: it has a line break, or a ' beside a " or a \\`);
  process.exit(1);
}
for (const [name, value] of variables)
  console.log(value.includes("'") ? `${name}="${value}"` : `${name}='${value}'`);
