import { terminal } from '../terminal';
import { fleet } from './fleet';

fleet(process.argv.slice(2), process.env, terminal).then((code) => {
  process.exitCode = code;
});
