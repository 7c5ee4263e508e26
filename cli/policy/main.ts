import { terminal } from '../terminal';
import { policy } from './policy';

policy(process.argv.slice(2), terminal).then((code) => {
  process.exitCode = code;
});
