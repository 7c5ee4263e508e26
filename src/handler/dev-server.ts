let watching = false;

/**
 * Exits this process with the dev server that forked it. An orphaned twilio-run runner fails to report, then fails to report
 * that, forever, at full CPU. A deployed function has no such channel.
 */
export function endWithDevServer(): void {
  if (process.connected === false) process.exit();
  if (watching || !process.connected) return;
  watching = true;
  process.once('disconnect', () => process.exit());
}
