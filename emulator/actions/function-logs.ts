import { type EmulatorContext, newRecord } from '../context';
import type { Environment, FunctionLog } from '../state/function-logs';

/** The environment of a domain: functions log to it from now on. */
export function addEnvironment(context: EmulatorContext, domainName: string): Environment {
  const known = context.environments.get(domainName);
  if (known) return known;
  const environment = { ...newRecord(context, 'ZE'), serial: context.environments.size + 1, domainName };
  context.environments.set(domainName, environment);
  return environment;
}

export function addFunctionLog(
  context: EmulatorContext,
  environment: Environment,
  { level, message }: Pick<FunctionLog, 'level' | 'message'>,
): FunctionLog {
  const log = { ...newRecord(context, 'NO'), environment, requestSid: context.sids('RQ'), level, message };
  context.functionLogs.add(log);
  return log;
}
