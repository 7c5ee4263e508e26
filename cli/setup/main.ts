import { createInterface } from 'node:readline';
import { setUp } from './setup';

/** No answer, as by Ctrl-D, is no. */
function ask(question: string): Promise<boolean> {
  return new Promise((resolve) => {
    const reading = createInterface({ input: process.stdin, output: process.stdout });
    reading.once('close', () => resolve(false));
    reading.question(question, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      reading.close();
    });
  });
}

const terminal = {
  folder: process.cwd(),
  say: (line: string) => console.log(line),
  complain: (sentence: string) => console.error(sentence),
  ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
};

setUp(process.argv.slice(2), process.env, terminal).then((code) => {
  process.exitCode = code;
});
