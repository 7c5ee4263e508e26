type DevServer = typeof import('../../src/handler/dev-server');

let exit: jest.SpyInstance;
let once: jest.SpyInstance;
beforeEach(() => {
  exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  once = jest.spyOn(process, 'once').mockReturnThis();
});

const connected = Object.getOwnPropertyDescriptor(process, 'connected');
afterEach(() => {
  jest.restoreAllMocks();
  if (connected) Object.defineProperty(process, 'connected', connected);
  else Reflect.deleteProperty(process, 'connected');
});

/** Calls a function some times in a new process; `connected` as Node.js has it: undefined without a parent's channel. */
function call(isConnected: boolean | undefined, calls = 1): void {
  Object.defineProperty(process, 'connected', { value: isConnected, configurable: true, writable: true });
  jest.isolateModules(() => {
    const { endWithDevServer }: DevServer = require('../../src/handler/dev-server');
    for (let n = 0; n < calls; n++) endWithDevServer();
  });
}

test('ends with the dev server, for which it listens once', () => {
  call(true, 3);
  expect(once.mock.calls).toEqual([['disconnect', expect.any(Function)]]);
  expect(exit).not.toHaveBeenCalled();
  once.mock.calls[0][1]();
  expect(exit).toHaveBeenCalledTimes(1);
});

test('ends at once if the dev server is gone', () => {
  call(false);
  expect(exit).toHaveBeenCalled();
});

test('goes on without a dev server', () => {
  call(undefined);
  expect(exit).not.toHaveBeenCalled();
  expect(once).not.toHaveBeenCalled();
});
