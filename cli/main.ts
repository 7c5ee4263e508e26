import { cli } from './cli';
import { terminal } from './terminal';

cli(process.argv.slice(2), process.env, terminal).then((code) => {
  process.exitCode = code;
});
