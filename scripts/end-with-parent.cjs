// Preloaded into every Node.js program that a script or a test starts, and into what those fork: the program ends with its
// parent, even if the parent is killed.
process.once('disconnect', () => process.exit());
// Waiting for the parent's end must not keep the program alive; waiting for its messages must.
process.channel?.unref();
process.on('newListener', (name) => name === 'message' && process.channel?.ref());
