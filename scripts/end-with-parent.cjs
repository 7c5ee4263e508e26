// Preloaded into each program of Node's that a script or a test starts, and so into what those fork: it ends with its parent,
// which may have been killed and so could not end it.
process.once('disconnect', () => process.exit());
// The end of the parent is nothing to wait for, messages from it are.
process.channel?.unref();
process.on('newListener', (name) => name === 'message' && process.channel?.ref());
