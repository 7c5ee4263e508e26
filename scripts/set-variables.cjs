// Preloaded into twilio-run, which reads its variables once and hands each call the object that it has as process.env.
process.on('message', ({ variables }) => {
  // What its forks are sent is a call.
  if (!variables) return;
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, variables);
  process.send('set');
});
