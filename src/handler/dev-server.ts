let watching = false;

/**
 * Ends this process with the dev server that forked it. twilio-run's runner, left alone, fails to report, and then to report
 * that, for ever, with a whole core. Where a function is deployed, and without forks, there is no such channel.
 */
export function endWithDevServer(): void {
  if (process.connected === false) process.exit();
  if (watching || !process.connected) return;
  watching = true;
  process.once('disconnect', () => process.exit());
}
