import { terminal } from '../terminal';
import { call } from './call';

call(process.argv.slice(2), process.env, terminal).then((code) => {
  process.exitCode = code;
});
