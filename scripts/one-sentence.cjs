// Preloaded into our own programs: an error that nothing catches is one sentence, as it is in the scripts.
process.on('uncaughtException', (error) => {
  console.error(error?.message || String(error));
  process.exit(1);
});
