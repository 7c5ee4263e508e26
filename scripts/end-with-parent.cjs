// Preloaded into each program of Node's that a script or a test starts: it ends with whoever started it, who may have been
// killed and so could not end it.
process.once('disconnect', () => process.exit());
// Waiting for that is no reason to go on.
process.channel?.unref();
// What the program forks has a channel of its own, and is not to be preloaded with this.
process.execArgv = [];
