// Preloaded into our own programs: an uncaught error prints one sentence and no stack.
process.on('uncaughtException', (error) => {
  console.error(error?.message || String(error));
  process.exit(1);
});
