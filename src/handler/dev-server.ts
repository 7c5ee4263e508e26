/**
 * Exits this process with the dev server that forked it. An orphaned twilio-run runner fails to report, then fails to report
 * that, forever, at full CPU. A deployed function has no such channel. The functions of a dev server share its process, where
 * one listener is enough.
 */
export function endWithDevServer(): void {
  const { connected } = process;
  if (connected === false) process.exit();
  if (connected && !process.listenerCount('disconnect')) process.once('disconnect', process.exit);
}
