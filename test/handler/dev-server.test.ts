type DevServer = typeof import('../../src/handler/dev-server');

let exit: jest.SpyInstance;
let listeners: (() => void)[];
beforeEach(() => {
  listeners = [];
  exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  jest.spyOn(process, 'listenerCount').mockImplementation(() => listeners.length);
  jest.spyOn(process, 'once').mockImplementation((event: unknown, listener: unknown) => {
    expect(event).toBe('disconnect');
    listeners.push(listener as () => void);
    return process;
  });
});

const connected = Object.getOwnPropertyDescriptor(process, 'connected');
afterEach(() => {
  jest.restoreAllMocks();
  if (connected) Object.defineProperty(process, 'connected', connected);
  else Reflect.deleteProperty(process, 'connected');
});

/** Calls a function of another file some times; `connected` as Node.js has it: undefined without a parent's channel. */
function call(isConnected: boolean | undefined, calls = 1): void {
  Object.defineProperty(process, 'connected', { value: isConnected, configurable: true, writable: true });
  jest.isolateModules(() => {
    const { endWithDevServer }: DevServer = require('../../src/handler/dev-server');
    for (let n = 0; n < calls; n++) endWithDevServer();
  });
}

test('ends with the dev server, for which all functions listen once', () => {
  for (let file = 0; file < 11; file++) call(true, 3);
  expect(listeners).toHaveLength(1);
  expect(exit).not.toHaveBeenCalled();
  listeners[0]!();
  expect(exit).toHaveBeenCalledTimes(1);
});

test('ends at once if the dev server is gone', () => {
  call(false);
  expect(exit).toHaveBeenCalled();
});

test('goes on without a dev server', () => {
  call(undefined);
  expect(exit).not.toHaveBeenCalled();
  expect(listeners).toEqual([]);
});
