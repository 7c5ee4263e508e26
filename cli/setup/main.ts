import { terminal } from '../terminal';
import { setUp } from './setup';

setUp(process.argv.slice(2), process.env, terminal).then((code) => {
  process.exitCode = code;
});
