import { isoSeconds } from '../../state/clock';
import type { Environment, FunctionLog } from '../../state/function-logs';
import { ACCOUNT_SID } from '../../twilio/account';
import { page } from '../paging';
import { Params } from '../params';
import { type ApiRequest, notFound, type Operation, ok } from '../request';

// There is one service, which has every environment. Twilio's builds and functions have no counterpart here.
const NUMBER = '00000000000000000000000000000001';
const SERVICE = { sid: `ZS${NUMBER}`, name: 'conversation-webhooks' };
const PAGES = { default: 50, max: 1000 };
const DAY_MS = 86_400_000;

const listServices: Operation = (request) => {
  const records = [{ serial: 1 }];
  return page(request, records, { ...PAGES, key: 'services' }, () => printService(request));
};

const fetchService: Operation = (request) => {
  serviceOf(request, 'Sid');
  return ok(printService(request));
};

const listEnvironments: Operation = (request) => {
  serviceOf(request);
  const environments = [...request.context.environments.values()];
  return page(request, environments, { ...PAGES, key: 'environments' }, (environment) =>
    printEnvironment(request, environment),
  );
};

const fetchEnvironment: Operation = (request) => ok(printEnvironment(request, environmentOf(request, 'Sid')));

/** Newest first. */
const listLogs: Operation = (request) => {
  const { sid } = environmentOf(request);
  const query = new Params(request.query);
  const now = request.context.clock.now();
  const functionSid = query.string('FunctionSid');
  const from = query.date('StartDate', 20001) ?? now - DAY_MS;
  const to = query.date('EndDate', 20001) ?? now;
  const matches = ({ environment, dateCreated }: FunctionLog) =>
    environment.sid === sid &&
    (functionSid === undefined || functionSid === `ZH${NUMBER}`) &&
    dateCreated >= from &&
    dateCreated <= to;
  const logs = request.context.functionLogs.all();
  return page(request, logs, { ...PAGES, key: 'logs', descending: true, matches }, (log) =>
    printLog(request, log),
  );
};

const fetchLog: Operation = (request) => {
  const environment = environmentOf(request);
  const log = request.context.functionLogs
    .all()
    .find(({ sid, environment: { sid: own } }) => sid === request.pathParams.Sid && own === environment.sid);
  return log === undefined ? notFound(request) : ok(printLog(request, log));
};

function serviceOf(request: ApiRequest, part = 'ServiceSid'): void {
  const key = request.pathParams[part];
  // Twilio takes the unique name as well.
  if (key !== SERVICE.sid && key !== SERVICE.name) notFound(request);
}

function environmentOf(request: ApiRequest, part = 'EnvironmentSid'): Environment {
  serviceOf(request);
  const environments = [...request.context.environments.values()];
  return environments.find(({ sid }) => sid === request.pathParams[part]) ?? notFound(request);
}

function printService({ origin }: ApiRequest) {
  const url = `${origin}/v1/Services/${SERVICE.sid}`;
  const date = isoSeconds(0);
  return {
    sid: SERVICE.sid,
    account_sid: ACCOUNT_SID,
    friendly_name: SERVICE.name,
    unique_name: SERVICE.name,
    include_credentials: true,
    ui_editable: false,
    domain_base: 'localhost',
    date_created: date,
    date_updated: date,
    url,
    links: {
      environments: `${url}/Environments`,
      functions: `${url}/Functions`,
      assets: `${url}/Assets`,
      builds: `${url}/Builds`,
    },
  };
}

function printEnvironment(request: ApiRequest, { sid, serial, domainName, dateCreated }: Environment) {
  const url = `${request.origin}/v1/Services/${SERVICE.sid}/Environments/${sid}`;
  return {
    sid,
    account_sid: ACCOUNT_SID,
    service_sid: SERVICE.sid,
    build_sid: null,
    unique_name: `environment-${serial}`,
    domain_suffix: null,
    domain_name: domainName,
    date_created: isoSeconds(dateCreated),
    date_updated: isoSeconds(dateCreated),
    url,
    links: { variables: `${url}/Variables`, deployments: `${url}/Deployments`, logs: `${url}/Logs` },
  };
}

function printLog(
  request: ApiRequest,
  { sid, environment, requestSid, level, message, dateCreated }: FunctionLog,
) {
  return {
    sid,
    account_sid: ACCOUNT_SID,
    service_sid: SERVICE.sid,
    environment_sid: environment.sid,
    build_sid: `ZB${NUMBER}`,
    deployment_sid: `ZD${NUMBER}`,
    function_sid: `ZH${NUMBER}`,
    request_sid: requestSid,
    level,
    message,
    date_created: isoSeconds(dateCreated),
    url: `${request.origin}/v1/Services/${SERVICE.sid}/Environments/${environment.sid}/Logs/${sid}`,
  };
}

export const functionServices = { list: listServices, fetch: fetchService };
export const environments = { list: listEnvironments, fetch: fetchEnvironment };
export const functionLogs = { list: listLogs, fetch: fetchLog };
