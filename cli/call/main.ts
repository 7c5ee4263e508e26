import { call } from './call';

const streams = {
  folder: process.cwd(),
  out: (line: string) => console.log(line),
  err: (line: string) => console.error(line),
};

call(process.argv.slice(2), process.env, streams).then((code) => {
  process.exitCode = code;
});
